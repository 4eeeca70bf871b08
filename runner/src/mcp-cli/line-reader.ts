// A stream of bytes as lines, none of them longer than a bound.

/** Cuts at line feeds. A line beyond the bound is told as such once, and the rest of it passed over. */
export class LineReader {
  readonly #maxBytes: number;
  #pieces: Buffer[] = [];
  #size = 0;
  #isTooLong = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that end in `chunk`; null stands for one that was too long. */
  take(chunk: Buffer): (string | null)[] {
    const lines: (string | null)[] = [];
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      this.#add(chunk.subarray(from, at));
      lines.push(this.#end());
      from = at + 1;
    }
    this.#add(chunk.subarray(from));
    return lines;
  }

  #add(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#size > this.#maxBytes) {
      this.#isTooLong = true;
      this.#pieces = [];
    } else this.#pieces.push(piece);
  }

  #end(): string | null {
    const line = this.#isTooLong ? null : Buffer.concat(this.#pieces).toString("utf8");
    this.#pieces = [];
    this.#size = 0;
    this.#isTooLong = false;
    return line;
  }
}
