// Names of environment variables as the owner lists them: exact, or with `*` for any characters.

/** Whether `name` is among `listed`. */
export function isListed(name: string, listed: readonly string[]): boolean {
  return listed.some((one) => matches(name, one.split("*")));
}

function matches(name: string, [first = "", ...rest]: readonly string[]): boolean {
  const last = rest.pop();
  if (last === undefined) return name === first;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return name.length - at >= last.length && name.endsWith(last);
}
