// One row of a screen: the characters as they were last written. A row that is only added to stays one text; the first
// write over what is there turns it into cells, so that however often that happens, each write costs what it writes.
// What lies beyond the longest line is counted and not kept.

import { maxLineChars } from "./line.ts";

export class ScreenRow {
  /** The offset of the first byte that came while the row was the last one, and the one behind the last that wrote in it. */
  readonly start: number;
  end: number;
  /** When its first byte came. */
  readonly at: number;
  /** How often something was written over or erased. */
  rewrites = 0;
  #text = "";
  #cells: string[] | null = null;
  #width = 0;

  constructor(start: number, at: number) {
    this.start = start;
    this.end = start;
    this.at = at;
  }

  /** Columns in use, those beyond the longest line too. */
  get width(): number {
    return this.#width;
  }

  /** Writes at a column, which may lie beyond the end. */
  write(column: number, text: string): void {
    if (this.#cells === null && column === this.#width) {
      if (column < maxLineChars) this.#text += text.slice(0, maxLineChars - column);
    } else {
      if (column < this.#width) this.rewrites++;
      const cells = this.#toCells();
      while (cells.length < Math.min(column, maxLineChars)) cells.push(" ");
      const kept = Math.min(text.length, maxLineChars - column);
      for (let at = 0; at < kept; at++) cells[column + at] = text.charAt(at);
    }
    this.#width = Math.max(this.#width, column + text.length);
  }

  /** Nothing from the column on. */
  truncate(column: number): void {
    if (column >= this.#width) return;
    this.rewrites++;
    this.#width = column;
    if (this.#cells === null) this.#text = this.#text.slice(0, column);
    else if (this.#cells.length > column) this.#cells.length = column;
  }

  /** Blanks for `count` characters from the column on. */
  blank(column: number, count: number): void {
    const end = Math.min(column + count, this.#width);
    if (end <= column) return;
    this.rewrites++;
    const cells = this.#toCells();
    for (let at = column; at < Math.min(end, cells.length); at++) cells[at] = " ";
  }

  /** Takes `count` characters out, so that what follows moves up; or, below zero, makes room for that many. */
  shift(column: number, count: number): void {
    if (column >= this.#width) return;
    this.rewrites++;
    const cells = this.#toCells();
    if (count > 0) {
      cells.splice(column, count);
      this.#width = Math.max(column, this.#width - count);
    } else {
      const room = Math.min(-count, Math.max(0, maxLineChars - column));
      cells.splice(column, 0, ...Array.from({ length: room }, () => " "));
      if (cells.length > maxLineChars) cells.length = maxLineChars;
      this.#width -= count;
    }
  }

  /** As it stands; without blanks at the end where something was written over, since they only cover it. */
  get text(): string {
    const text = this.#cells === null ? this.#text : this.#cells.join("");
    return this.rewrites > 0 ? text.trimEnd() : text;
  }

  /** How many characters are not kept. */
  get cut(): number {
    return Math.max(0, this.#width - maxLineChars);
  }

  #toCells(): string[] {
    return (this.#cells ??= this.#text.split(""));
  }
}
