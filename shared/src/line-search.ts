// A pattern looked for in output, line by line. The output may come in any pieces: the beginning of a line is kept
// until its end comes. Escape sequences and carriage returns at a line's end are not part of what is matched.

import stripAnsi from "strip-ansi";
import { maxMatchChars, maxSearchLineBytes } from "./limits.ts";
import type { Pattern } from "./pattern.ts";

/** Output from which no line has been completed yet. */
export interface LineSearch {
  /** Where `pending` begins in the run's output. */
  readonly start: number;
  /** The unfinished line, or the last part of a long one; at most `maxSearchLineBytes`. */
  readonly pending: Uint8Array;
}

export interface LineMatch {
  readonly text: string;
  /** The offset behind the line. */
  readonly end: number;
}

const nothing = new Uint8Array(0);
const newline = 10;
const step = maxSearchLineBytes / 2;

/** Bytes as UTF-8, what is none as U+FFFD. */
export type DecodeText = (bytes: Uint8Array) => string;

export function searchFrom(offset: number): LineSearch {
  return { start: offset, pending: nothing };
}

/** Takes the bytes behind `pending`: the first line that matches, or where the search stands now. */
export function searchBytes(
  search: LineSearch,
  bytes: Uint8Array,
  pattern: Pattern,
  decode: DecodeText,
): LineSearch | LineMatch {
  const all = join(search.pending, bytes);
  let at = 0;
  for (;;) {
    const found = all.indexOf(newline, at);
    const lineEnd = found === -1 ? all.length : found;
    // A long line goes piece by piece, at the same places whether its end has come or not.
    for (; lineEnd - at > maxSearchLineBytes; at += step) {
      const end = at + maxSearchLineBytes;
      const text = matchLine(all.subarray(at, end), pattern, decode);
      if (text !== null) return { text, end: search.start + end };
    }
    // A copy: whose bytes these are may write over them, and `slice` of a Buffer would share them.
    if (found === -1) return { start: search.start + at, pending: new Uint8Array(all.subarray(at)) };
    const text = matchLine(all.subarray(at, lineEnd), pattern, decode);
    at = lineEnd + 1;
    if (text !== null) return { text, end: search.start + at };
  }
}

/** The unfinished line as it stands: it may be a prompt, or a last line without an end. */
export function searchPending(search: LineSearch, pattern: Pattern, decode: DecodeText): LineMatch | null {
  if (search.pending.length === 0) return null;
  const text = matchLine(search.pending, pattern, decode);
  return text === null ? null : { text, end: search.start + search.pending.length };
}

function matchLine(bytes: Uint8Array, pattern: Pattern, decode: DecodeText): string | null {
  const line = trimReturns(stripAnsi(decode(bytes)));
  const found = pattern.find(line);
  if (found === null) return null;
  // The match itself is shown, however far behind the beginning it lies.
  const from = found.end <= maxMatchChars ? 0 : found.start;
  return line.slice(from, from + maxMatchChars).toWellFormed();
}

function trimReturns(line: string): string {
  let end = line.length;
  while (line[end - 1] === "\r") end--;
  return line.slice(0, end);
}

/** One array with both; a copy unless one is empty. */
export function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const all = new Uint8Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
