// What lines that differ only by what changes from one time to the next have in common.

/** A run of characters that a number, a path, an address or a hash may be made of. */
const word = /[\w./\\:@%+~-]+/g;
const hash = /^(?:0x)?(?=[a-f-]*\d)[0-9a-f]{7,}(?:-[0-9a-f]{4,}){0,4}$/i;

/** Numbers, times and hashes as `#`; where `isPathless`, whatever holds a slash as `<path>`. */
export function templateOf(text: string, isPathless: boolean): string {
  return text.replace(word, (found) => {
    if (isPathless && found.length > 2 && (found.includes("/") || found.includes("\\"))) return "<path>";
    if (hash.test(found)) return "#";
    return found.replace(/\d+/g, "#");
  });
}
