// The last rows of what one stream printed, written as a terminal would: carriage returns, backspaces and cursor
// movements go over what is there, so a progress display is left in its last state. Rows that scroll out are final.
// Lines are not wrapped at a width. What is cleared away scrolls out and is not lost; only the pictures of a program
// that takes the whole screen for itself (the alternate screen) are, all but the last.

import { ControlScanner } from "./control-scanner.ts";
import { ScreenRow } from "./screen-row.ts";

/** As many rows as a progress display may go back over. */
export const screenRows = 50;

/** What was taken away to get from bytes to lines. */
export interface ScreenCounts {
  /** Escape sequences. */
  readonly escapes: number;
  /** Times something on a row was written over or erased. */
  readonly rewrites: number;
  /** Rows of whole-screen pictures that did not stay. */
  readonly pictures: number;
}

interface Saved {
  readonly rows: ScreenRow[];
  readonly row: number;
  readonly column: number;
}

export class Screen {
  readonly #scanner: ControlScanner;
  readonly #scrollOut: (row: ScreenRow) => void;
  #rows: ScreenRow[] = [];
  #row = 0;
  #column = 0;
  #mark = { row: 0, column: 0 };
  /** The ordinary screen, while a program has the whole one. */
  #behind: Saved | null = null;
  #escapes = 0;
  #rewrites = 0;
  #pictures = 0;
  #offset = 0;
  #at = 0;
  /** Where what was read and has printed nothing yet begins: a row's first byte may be an escape sequence's. */
  #unprinted: number | null = null;
  /** Whether the first row here is no longer the one a program means by its screen's first. */
  #hasScrolled = false;
  /** Whether the cursor was sent to the screen's beginning, and nothing was written since. */
  #isHome = false;

  constructor(scrollOut: (row: ScreenRow) => void) {
    this.#scrollOut = scrollOut;
    this.#scanner = new ControlScanner({
      print: (text) => this.#print(text),
      control: (code) => this.#control(code),
      csi: (final, numbers, mark) => this.#csi(final, numbers, mark),
      escape: (final) => this.#escape(final),
    });
  }

  get counts(): ScreenCounts {
    return { escapes: this.#escapes, rewrites: this.#rewrites, pictures: this.#pictures };
  }

  /** Text of one line, whose bytes lie between two offsets. */
  write(text: string, from: number, to: number, at: number): void {
    this.#offset = from;
    this.#unprinted ??= from;
    this.#at = at;
    this.#scanner.scan(text);
    const row = this.#rows[this.#row];
    if (row !== undefined && row.end < to) row.end = to;
    this.#offset = to;
  }

  /** A line's end, whose byte lies before `to`. */
  newLine(to: number, at: number): void {
    this.#offset = to - 1;
    this.#at = at;
    this.#scanner.endLine();
    this.#here().end = to;
    this.#unprinted = null;
    this.#offset = to;
    this.#column = 0;
    this.#down();
  }

  /** Lets go of rows that began before an offset and are complete. */
  settle(before: number): void {
    if (this.#behind !== null) return;
    while (this.#row > 0 && (this.#rows[0]?.start ?? before) < before) this.#shift();
  }

  /** Lets go of everything, the unfinished row too. */
  end(): void {
    if (this.#behind !== null) this.#behind.rows.forEach((row) => this.#release(row));
    this.#behind = null;
    this.#scrollAll();
    this.#scanner.endLine();
  }

  #here(): ScreenRow {
    while (this.#rows.length <= this.#row) this.#rows.push(new ScreenRow(this.#unprinted ?? this.#offset, this.#at));
    return this.#rows[this.#row]!;
  }

  #shift(): void {
    const row = this.#rows.shift();
    this.#row--;
    this.#hasScrolled = true;
    if (this.#mark.row > 0) this.#mark = { ...this.#mark, row: this.#mark.row - 1 };
    if (row === undefined) return;
    if (this.#behind === null) this.#release(row);
    else this.#pictures++;
  }

  #release(row: ScreenRow): void {
    this.#rewrites += row.rewrites;
    this.#scrollOut(row);
  }

  #scrollAll(): void {
    // The row the cursor stands on is no line unless something is on it.
    while (this.#rows.length > 0 && this.#rows.at(-1)?.width === 0 && this.#rows.length > this.#row) this.#rows.pop();
    const rows = this.#rows;
    this.#rows = [];
    this.#row = 0;
    this.#column = 0;
    this.#hasScrolled = false;
    if (this.#behind === null) rows.forEach((row) => this.#release(row));
    else this.#pictures += rows.length;
  }

  #down(): void {
    this.#row++;
    while (this.#row >= screenRows) this.#shift();
  }

  #print(text: string): void {
    this.#here().write(this.#column, text);
    this.#column += text.length;
    this.#isHome = false;
    this.#unprinted = null;
  }

  #control(code: number): void {
    if (code === 0x0d) this.#column = 0;
    else if (code === 0x08) this.#column = Math.max(0, this.#column - 1);
    else if (code === 0x09) this.#print("\t");
  }

  #escape(final: string): void {
    this.#escapes++;
    if (final === "7") this.#mark = { row: this.#row, column: this.#column };
    else if (final === "8") this.#recall();
    else if (final === "c") this.#scrollAll();
    else if (final === "M") this.#row = Math.max(0, this.#row - 1);
    else if (final === "D" || final === "E") this.#down();
    if (final === "E") this.#column = 0;
  }

  #recall(): void {
    this.#row = Math.min(this.#mark.row, screenRows - 1);
    this.#column = this.#mark.column;
  }

  #csi(final: string, numbers: readonly number[], mark: string): void {
    this.#escapes++;
    const [first = 0, second = 0] = numbers;
    if (mark !== "") {
      if (mark === "?" && (first === 1049 || first === 1047 || first === 47)) this.#switch(final === "h");
      return;
    }
    const count = Math.max(1, first);
    switch (final) {
      case "A":
      case "F":
        this.#row = Math.max(0, this.#row - count);
        if (final === "F") this.#column = 0;
        break;
      case "B":
      case "E":
        this.#row = Math.min(screenRows - 1, this.#row + count);
        if (final === "E") this.#column = 0;
        break;
      case "C":
        this.#column += count;
        break;
      case "D":
        this.#column = Math.max(0, this.#column - count);
        break;
      case "G":
      case "`":
        this.#column = count - 1;
        break;
      case "H":
      case "f":
        this.#goTo(count - 1, Math.max(1, second) - 1);
        break;
      case "J":
        this.#eraseScreen(first);
        break;
      case "K":
        this.#eraseRow(first);
        break;
      case "X":
        this.#rows[this.#row]?.blank(this.#column, count);
        break;
      case "P":
        this.#rows[this.#row]?.shift(this.#column, count);
        break;
      case "@":
        this.#rows[this.#row]?.shift(this.#column, -count);
        break;
      case "s":
        this.#mark = { row: this.#row, column: this.#column };
        break;
      case "u":
        this.#recall();
        break;
      default:
    }
  }

  #goTo(row: number, column: number): void {
    this.#isHome = row === 0 && column === 0;
    if (this.#isHome && this.#hasScrolled && this.#behind === null) this.#scrollAll();
    this.#row = Math.min(screenRows - 1, row);
    this.#column = column;
  }

  #eraseRow(what: number): void {
    const row = this.#rows[this.#row];
    if (what === 0) row?.truncate(this.#column);
    else if (what === 1) row?.blank(0, this.#column + 1);
    else row?.truncate(0);
  }

  #eraseScreen(what: number): void {
    if (what === 1) return;
    // Cleared as a whole, it begins anew.
    if (what !== 0 || this.#isHome) return this.#scrollAll();
    this.#eraseRow(0);
    for (const row of this.#rows.splice(this.#row + 1)) this.#rewrites += row.width > 0 ? 1 : 0;
  }

  /** To the alternate screen and back. */
  #switch(isAlternate: boolean): void {
    if (isAlternate === (this.#behind !== null)) return;
    if (isAlternate) {
      this.#behind = { rows: this.#rows, row: this.#row, column: this.#column };
      this.#rows = [];
      this.#row = 0;
      this.#column = 0;
    } else if (this.#behind !== null) {
      const { rows, row, column } = this.#behind;
      this.#pictures += this.#rows.length;
      this.#behind = null;
      this.#rows = rows;
      this.#row = row;
      this.#column = column;
    }
  }
}
