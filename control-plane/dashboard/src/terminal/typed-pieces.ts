// What is typed or pasted, in pieces that a viewer's message holds however they are escaped.

/** A control character takes six bytes as JSON, and a message holds 64 KiB. */
export const maxTypedLength = 8192;

/** `text` in order, never cut within a character. */
export function typedPieces(text: string): string[] {
  const pieces: string[] = [];
  for (let at = 0; at < text.length;) {
    let end = Math.min(text.length, at + maxTypedLength);
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last <= 0xdbff) end--;
    pieces.push(text.slice(at, end));
    at = end;
  }
  return pieces;
}

/** The control character of a key that is typed while Ctrl is held; the key itself where it has none. */
export function withControl(key: string): string {
  return /^[A-Za-z@[\\\]^_]$/.test(key) ? String.fromCharCode(key.toUpperCase().charCodeAt(0) & 0x1f) : key;
}
