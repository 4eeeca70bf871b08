// Output in pieces → its lines, in order. Each stream is written on a screen of its own, so that a line of one that
// comes in two pieces is not torn by the other's. Memory is bounded by the screens' rows, whatever comes.

import type { DecodeText } from "../line-search.ts";
import type { OutputGap, OutputPiece, OutputStream, TakeItem } from "./line.ts";
import { Screen, type ScreenCounts } from "./screen.ts";

const newline = 10;

export class LineReader {
  readonly #decode: DecodeText;
  readonly #take: TakeItem;
  readonly #screens = new Map<OutputStream, Screen>();
  /** The offset behind what was taken; null before the first piece. */
  #end: number | null = null;
  #from: number | null = null;
  #to = 0;

  constructor(decode: DecodeText, take: TakeItem) {
    this.#decode = decode;
    this.#take = take;
  }

  /** Where what it was given begins, lost output included; 0 before that. */
  get from(): number {
    return this.#from ?? 0;
  }

  /** Where it ends. */
  get to(): number {
    return this.#to;
  }

  get counts(): ScreenCounts {
    const sum = { escapes: 0, rewrites: 0, pictures: 0 };
    for (const { counts } of this.#screens.values()) {
      sum.escapes += counts.escapes;
      sum.rewrites += counts.rewrites;
      sum.pictures += counts.pictures;
    }
    return sum;
  }

  /** A piece; of what was taken already nothing is taken again. */
  take({ stream, offset, at, bytes }: OutputPiece): void {
    this.#from ??= offset;
    this.#to = Math.max(this.#to, offset + bytes.length);
    const known = Math.max(0, (this.#end ?? offset) - offset);
    if (known >= bytes.length) return;
    const screen = this.#screenOf(stream);
    let from = known;
    while (from < bytes.length) {
      const found = bytes.indexOf(newline, from);
      const to = found === -1 ? bytes.length : found;
      if (to > from) screen.write(this.#decode(bytes.subarray(from, to)), offset + from, offset + to, at);
      if (found !== -1) screen.newLine(offset + found + 1, at);
      from = to + 1;
    }
    this.#end = offset + bytes.length;
  }

  /** What was before is complete as it stands. */
  gap(gap: OutputGap): void {
    this.#from ??= gap.from;
    this.#to = Math.max(this.#to, gap.to ?? gap.from);
    this.end();
    this.#take({ type: "gap", ...gap });
    if (gap.to !== null) this.#end = Math.max(this.#end ?? 0, gap.to);
  }

  /** Gives the lines that are still on a screen, unfinished ones too. */
  end(): void {
    for (const screen of this.#screens.values()) screen.settle(Infinity);
    for (const screen of this.#screens.values()) screen.end();
  }

  #screenOf(stream: OutputStream): Screen {
    const known = this.#screens.get(stream);
    if (known !== undefined) return known;
    const screen = new Screen((row) => {
      // What the others completed before it comes before it.
      for (const [name, other] of this.#screens) if (name !== stream) other.settle(row.start);
      const { cut, start, end, at } = row;
      this.#take({ type: "line", stream, text: row.text.toWellFormed(), cut, start, end, at });
    });
    this.#screens.set(stream, screen);
    return screen;
  }
}
