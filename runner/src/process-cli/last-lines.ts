// The last lines of what comes, in bounded memory.

const newline = 10;

export class LastLines {
  readonly #lines: number;
  readonly #maxBytes: number;
  #kept: Buffer = Buffer.alloc(0);

  /** `maxBytes`: more than that is not kept, however few lines it is. */
  constructor(lines: number, maxBytes: number) {
    this.#lines = lines;
    this.#maxBytes = maxBytes;
  }

  take(bytes: Uint8Array): void {
    const all = Buffer.concat([this.#kept, bytes]);
    this.#kept = all.subarray(Math.max(0, all.byteLength - this.#maxBytes));
  }

  /** A line that has no end yet is one. */
  bytes(): Uint8Array {
    let from = this.#kept.at(-1) === newline ? this.#kept.byteLength - 1 : this.#kept.byteLength;
    for (let left = this.#lines; left > 0; left--) {
      const before = from === 0 ? -1 : this.#kept.lastIndexOf(newline, from - 1);
      if (before === -1) return this.#kept;
      from = before;
    }
    return this.#kept.subarray(from + 1);
  }
}
