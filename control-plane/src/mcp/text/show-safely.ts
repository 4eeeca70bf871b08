// Text of strangers inside an answer, for a reader that takes every word for what it says: nothing in it is hidden,
// nothing turns or moves other text, and nothing ends the marks around it.

/**
 * What cannot be seen, or steers what is seen: control and format characters, line and paragraph separators, fillers,
 * variation selectors and tags. The one that makes a picture of the character before it stays.
 */
const hidden = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]--[\u{fe0f}\t\n]]/gv;

/** What might be read as the beginning or the end of the marks, also where a line break stands in it. */
const markBegins = /<(?=[\s\/]*(?:output|$))/gimv;

/** The same text with all of that spelled out: `\u{202e}`, and `&lt;` where a mark would begin. */
export function showSafely(text: string): string {
  return text.replace(hidden, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`).replace(markBegins, "&lt;");
}

/** At most `maxChars` of it in one line. */
export function showInLine(text: string, maxChars: number): string {
  const line = showSafely(text.slice(0, maxChars).toWellFormed().replaceAll(/\s+/g, " "));
  return line.length <= maxChars && text.length <= maxChars ? line : `${line.slice(0, maxChars - 1).toWellFormed()}…`;
}
