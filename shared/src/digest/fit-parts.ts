// Parts of a text within a budget: each takes at most its share of what is left, and what does not fit is counted.

/** Lines of one part. How many of them do not fit is told in a line of its own. */
export interface Part {
  readonly title: string;
  readonly lines: readonly string[];
  /** Of what is left of the budget. */
  readonly share: number;
}

/** The head and as much of the parts, in order, as fits. */
export function fitParts(head: string, parts: readonly Part[], maxChars: number): string {
  let text = head.slice(0, maxChars);
  for (const part of parts) text += fitPart(part, maxChars - text.length);
  return text;
}

/** As many lines as fit into the part's share of the room, and how many more there are. */
function fitPart({ title, lines, share }: Part, room: number): string {
  if (lines.length === 0) return "";
  const limit = Math.floor(room * share);
  // So that a part that is cut can say so.
  const reserve = `  … ${lines.length} more\n`.length;
  let text = title === "" ? "" : `${title}\n`;
  for (const [index, line] of lines.entries()) {
    const isLast = index === lines.length - 1;
    const next = `${line}\n`;
    if (text.length + next.length + (isLast ? 0 : reserve) > limit) {
      const more = `  … ${lines.length - index} more\n`;
      return index === 0 || text.length + more.length > room ? "" : text + more;
    }
    text += next;
  }
  return text;
}

/** At most so many characters, the last one an ellipsis where there are more. */
export function shorten(text: string, max: number): string {
  return text.length <= max ? text : `${text.slice(0, max - 1).toWellFormed()}…`;
}
