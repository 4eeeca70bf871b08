// Lines of output that a pattern finds, with those around them. Output comes in any pieces; a text that every match
// must hold lets whole pieces be passed over. What is done is counted, and a search that has done enough says where to
// go on.

import { join, type DecodeText } from "../line-search.ts";
import { maxSearchLineBytes } from "../limits.ts";
import type { Pattern } from "../pattern.ts";
import { stripControls } from "../render/control-scanner.ts";

export interface SearchTerms {
  readonly pattern: Pattern;
  /** Every match holds it; null where nothing is known. */
  readonly literal: string | null;
  readonly decode: DecodeText;
  /** Lines shown before and after each match. */
  readonly context: number;
  readonly maxMatches: number;
  /** Bytes that may be looked through, each as often as the pattern weighs where it is looked for. */
  readonly maxSteps: number;
}

export interface OutputMatch {
  /** Where the line begins, and the offset behind it. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

export interface SearchResult {
  readonly matches: readonly OutputMatch[];
  /** The offset to go on from: no line from there on was searched. */
  readonly next: number;
  /** Whether it ended before what it was given did, by its bounds. */
  readonly isCut: boolean;
}

const newline = 10;
const tab = 9;
const nothing = new Uint8Array(0);
/** Shown of a line. */
const maxLineChars = 500;
/** Between two pieces of a line that is searched in pieces. */
const longStep = maxSearchLineBytes / 2;

type Open = { -readonly [Key in keyof OutputMatch]: Key extends "after" ? string[] : OutputMatch[Key] };

export class OutputSearch {
  readonly #terms: SearchTerms;
  readonly #matches: Open[] = [];
  #before: string[] = [];
  /** Matches whose following lines are still to come. */
  #open: Open[] = [];
  #pending: Uint8Array = nothing;
  /** Where `#pending` begins. */
  #at: number;
  #steps = 0;
  /** Where to go on, once a bound is reached. */
  #resume: number | null = null;

  constructor(terms: SearchTerms, from: number) {
    this.#terms = terms;
    this.#at = from;
  }

  /** Whether more is wanted: false once a bound is reached and the lines after the last match are there. */
  get isOpen(): boolean {
    return this.#resume === null || this.#open.length > 0;
  }

  /** What was done, as the bound counts it. */
  get steps(): number {
    return this.#steps;
  }

  /** Ends it where it is, if anything was looked through: so searches that follow one another come to an end. */
  stop(): void {
    if (this.#steps > 0) this.#resume ??= this.#at;
  }

  /** The bytes at an offset; those that were taken already are passed over, and a hole ends the line before it. */
  take(offset: number, bytes: Uint8Array): void {
    if (!this.isOpen) return;
    const end = this.#at + this.#pending.length;
    if (offset > end) this.#skipTo(offset);
    const all = join(this.#pending, bytes.subarray(Math.max(0, end - offset)));
    const last = all.lastIndexOf(newline);
    if (last !== -1) this.#takeLines(all.subarray(0, last + 1));
    // A copy: whose bytes these are may write over them.
    this.#pending = new Uint8Array(all.subarray(last + 1));
    // An unfinished line that has grown long is searched as far as whole pieces go.
    if (this.#pending.length > 2 * maxSearchLineBytes) {
      const rest = this.#takePieces(this.#pending);
      this.#pending = new Uint8Array(rest);
    }
  }

  /** `isOver`: whether an unfinished line is searched as it stands. */
  end(isOver: boolean): SearchResult {
    if (isOver && this.#pending.length > 0 && this.isOpen) this.#takeLine(this.#pending, this.#pending.length);
    return { matches: this.#matches, next: this.#resume ?? this.#at, isCut: this.#resume !== null };
  }

  #skipTo(offset: number): void {
    if (this.#pending.length > 0) this.#takeLine(this.#pending, this.#pending.length);
    this.#pending = nothing;
    this.#before = [];
    this.#open = [];
    this.#at = offset;
  }

  /** Whole lines. */
  #takeLines(bytes: Uint8Array): void {
    const { literal, decode, context } = this.#terms;
    if (this.#resume === null && this.#open.length === 0 && literal !== null) {
      const text = decode(bytes);
      if (!text.includes(literal) && !hasControls(bytes)) {
        this.#at += bytes.length;
        this.#spend(bytes.length);
        if (context > 0) this.#before = [...this.#before, ...lastLines(text, context)].slice(-context);
        return;
      }
    }
    let at = 0;
    while (at < bytes.length && this.isOpen) {
      const lineEnd = bytes.indexOf(newline, at);
      this.#takeLine(bytes.subarray(at, lineEnd), lineEnd + 1 - at);
      at = lineEnd + 1;
    }
  }

  /** A line without its end, which takes `size` bytes with it. */
  #takeLine(line: Uint8Array, size: number): void {
    const rest = this.#takePieces(line);
    this.#test(rest, this.#at + rest.length + size - line.length);
  }

  /**
   * A long line goes piece by piece, at the same places whether its end has come or not; each begins in the middle of
   * the one before, or where that matched at its end. What is left is no longer than a piece.
   */
  #takePieces(line: Uint8Array): Uint8Array {
    let rest = line;
    while (rest.length > maxSearchLineBytes) {
      const before = this.#matches.length;
      const at = this.#at;
      this.#test(rest.subarray(0, maxSearchLineBytes), at + maxSearchLineBytes);
      const step = this.#matches.length > before ? maxSearchLineBytes : longStep;
      this.#at = at + step;
      if (this.#resume !== null) this.#resume = Math.min(this.#resume, this.#at);
      rest = rest.subarray(step);
    }
    return rest;
  }

  /** Text that ends at `end` with its line's end. */
  #test(bytes: Uint8Array, end: number): void {
    const { pattern, literal, decode, context, maxMatches } = this.#terms;
    const start = this.#at;
    this.#at = end;
    const line = stripControls(decode(bytes));
    const shown = line.slice(0, maxLineChars).toWellFormed();
    for (const open of this.#open) open.after.push(shown);
    if (this.#open.length > 0) this.#open = this.#open.filter((open) => open.after.length < context);
    if (this.#resume === null) {
      const isPossible = literal === null || line.includes(literal);
      const found = isPossible ? pattern.find(line) : null;
      if (found !== null) {
        // The match itself is shown, however far behind the beginning it lies.
        const from = found.end <= maxLineChars ? 0 : found.start;
        const text = line.slice(from, from + maxLineChars).toWellFormed();
        const match: Open = { start, end, text, before: this.#before, after: [] };
        this.#matches.push(match);
        if (context > 0) this.#open.push(match);
        if (this.#matches.length >= maxMatches) this.#resume = end;
      }
      this.#spend(bytes.length * (isPossible ? 1 + pattern.weight : 1));
    }
    if (context > 0) this.#before = [...this.#before, shown].slice(-context);
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#resume === null && this.#steps >= this.#terms.maxSteps) this.#resume = this.#at;
  }
}

/** Whether there is anything that is no part of a line's text: control characters but tab and line feed, C1 ones too. */
function hasControls(bytes: Uint8Array): boolean {
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 0x20 && byte !== newline && byte !== tab) return true;
    // C1 are the first half of what begins with this byte in UTF-8.
    if (byte === 0x7f || (byte === 0xc2 && (bytes[at + 1] ?? 0) < 0xa0)) return true;
  }
  return false;
}

/** The last so many lines of a text that ends with a line's end. */
function lastLines(text: string, count: number): string[] {
  const lines: string[] = [];
  let end = text.length - 1;
  while (lines.length < count && end >= 0) {
    const from = end === 0 ? 0 : text.lastIndexOf("\n", end - 1) + 1;
    lines.unshift(text.slice(from, end).slice(0, maxLineChars).toWellFormed());
    end = from - 1;
  }
  return lines;
}
