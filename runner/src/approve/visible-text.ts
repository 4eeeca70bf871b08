// Text of strangers for the owner's eyes: every character that cannot be seen, that turns or moves others, or that looks
// like another one is spelled out, and nothing else reads as such a spelling.

/**
 * Seen as they are: ASCII that prints, and Latin letters with their marks in one character. All others are spelled out,
 * since most alphabets have letters that look like these.
 */
const plainCharacter = /^[\u0020-\u007e\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]$/;

const short: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t", '"': '\\"', "\\": "\\\\" };

/** `text` in double quotes, so that its beginning and end are seen; characters outside as `\u{1b}`. */
export function quoteVisibly(text: string): string {
  return `"${Array.from(text, (one) => short[one] ?? (plainCharacter.test(one) ? one : spell(one))).join("")}"`;
}

function spell(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

/** The same, one quoted piece a line. Put together they are the text. */
export function quoteLines(text: string): string[] {
  const lines = text.split(/(?<=\n)/);
  return lines.map((line) => quoteVisibly(line));
}
