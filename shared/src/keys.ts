// Keys by name, as bytes a terminal sends for them (xterm's, in its normal mode).

const escape = "\u001b";

const named: ReadonlyMap<string, string> = new Map(
  Object.entries({
    Enter: "\r",
    Tab: "\t",
    Space: " ",
    Backspace: "\u007f",
    Escape: escape,
    Up: `${escape}[A`,
    Down: `${escape}[B`,
    Right: `${escape}[C`,
    Left: `${escape}[D`,
    Home: `${escape}[H`,
    End: `${escape}[F`,
    Insert: `${escape}[2~`,
    Delete: `${escape}[3~`,
    PageUp: `${escape}[5~`,
    PageDown: `${escape}[6~`,
    F1: `${escape}OP`,
    F2: `${escape}OQ`,
    F3: `${escape}OR`,
    F4: `${escape}OS`,
    F5: `${escape}[15~`,
    F6: `${escape}[17~`,
    F7: `${escape}[18~`,
    F8: `${escape}[19~`,
    F9: `${escape}[20~`,
    F10: `${escape}[21~`,
    F11: `${escape}[23~`,
    F12: `${escape}[24~`,
  }),
);

/** Names other than `Ctrl-…` and `Alt-…`. */
export const keyNames: readonly string[] = [...named.keys()];

/**
 * What a terminal sends for a key: one of {@link keyNames}, `Ctrl-A` to `Ctrl-Z` (and `Ctrl-[`, `Ctrl-\`, `Ctrl-]`,
 * `Ctrl-^`, `Ctrl-_`, `Ctrl-@`), or `Alt-` before any of these or one printable character. Null for any other name.
 */
export function keySequence(name: string): string | null {
  const plain = named.get(name);
  if (plain !== undefined) return plain;
  if (name.startsWith("Alt-")) {
    const rest = name.slice(4);
    const sequence = /^[\u0020-\u007e]$/.test(rest) ? rest : keySequence(rest);
    return sequence === null || rest.startsWith("Alt-") ? null : `${escape}${sequence}`;
  }
  const control = /^Ctrl-([A-Za-z@[\\\]^_])$/.exec(name)?.[1];
  return control === undefined ? null : String.fromCharCode(control.toUpperCase().charCodeAt(0) & 0x1f);
}
