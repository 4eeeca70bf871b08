// Puts the values of parameters into a named command's argv. A value never becomes more than one argument, and is never
// taken for an option.

/** A parameter's value as text; null where the caller gave none. */
export interface FilledParam {
  readonly text: string | null;
  readonly mayBeginWithDash: boolean;
}

export type Filled =
  | { readonly ok: true; readonly argv: string[] }
  /** `param` would be read as an option. */
  | { readonly ok: false; readonly param: string };

/**
 * `{name}` in an argument stands for a parameter of that name; a parameter that stands nowhere comes after the last
 * argument, in the order of declaration. An argument with a parameter that has no value is left out.
 */
export function fillArgv(argv: readonly string[], params: ReadonlyMap<string, FilledParam>): Filled {
  const template = [...argv, ...[...params.keys()].filter((name) => !isPlaced(argv, name)).map((name) => `{${name}}`)];
  const filled: string[] = [];
  let areOptionsOver = false;
  for (const token of template) {
    const used = [...token.matchAll(placeholder)].flatMap(([, name = ""]) => (params.has(name) ? [name] : []));
    if (used.some((name) => params.get(name)?.text === null)) continue;
    const text = token.replaceAll(placeholder, (whole, name: string) => params.get(name)?.text ?? whole);
    if (text.startsWith("-") && !token.startsWith("-") && !areOptionsOver) {
      const bold = used.find((name) => params.get(name)?.mayBeginWithDash !== true);
      if (bold !== undefined) return { ok: false, param: bold };
    }
    areOptionsOver ||= token === "--";
    filled.push(text);
  }
  return { ok: true, argv: filled };
}

const placeholder = /\{([a-z][a-z0-9_]*)\}/g;

function isPlaced(argv: readonly string[], name: string): boolean {
  return argv.some((token) => token.includes(`{${name}}`));
}
