// Lines that say the same one after the other become one with a count; several blank ones become one.

import type { GapLine, Item, Line } from "./line.ts";

/** Lines of one stream with the same text. */
export interface Folded {
  readonly type: "lines";
  readonly line: Line;
  readonly count: number;
  /** The offset behind the last of them. */
  readonly end: number;
}

export type FoldedItem = Folded | GapLine;

export class Folder {
  readonly #take: (item: FoldedItem) => void;
  #held: Folded | null = null;
  /** How many lines went into another one. */
  folded = 0;

  constructor(take: (item: FoldedItem) => void) {
    this.#take = take;
  }

  take(item: Item): void {
    const held = this.#held;
    if (item.type === "line" && held !== null && isSame(held.line, item)) {
      this.#held = { ...held, count: held.count + 1, end: Math.max(held.end, item.end) };
      this.folded++;
      return;
    }
    this.end();
    if (item.type === "gap") this.#take(item);
    else this.#held = { type: "lines", line: item, count: 1, end: item.end };
  }

  /** Gives what is still held. */
  end(): void {
    const held = this.#held;
    this.#held = null;
    if (held !== null) this.#take(held);
  }
}

function isSame(a: Line, b: Line): boolean {
  return a.text === b.text && a.stream === b.stream && a.cut === 0 && b.cut === 0;
}
