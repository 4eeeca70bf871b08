// The newest records of a spool as they came with the appends, so that reading what was just written costs no file
// access. Bounded: what does not fit is read from disk instead.

/** Bytes kept for one spool. */
export const maxOfferedBytes = 256 * 1024;

export class OfferedRecords {
  /** Contiguous, ascending. */
  #records: Buffer[] = [];
  #first = 1;
  #bytes = 0;

  /** Keeps a copy of record `number`; the older ones go where it does not follow them, or where there is no room. */
  offer(number: number, bytes: Uint8Array): void {
    if (number !== this.#first + this.#records.length) this.clear(number);
    if (bytes.byteLength > maxOfferedBytes) return this.clear(number + 1);
    this.#records.push(Buffer.from(bytes));
    this.#bytes += bytes.byteLength;
    while (this.#bytes > maxOfferedBytes) this.#drop();
  }

  /** Record `number` as it is on disk; null where it is not kept. Records below it are dropped. */
  take(number: number): Buffer | null {
    if (number < this.#first) return null;
    while (this.#first < number && this.#records.length > 0) this.#drop();
    return this.#first === number ? (this.#records[0] ?? null) : null;
  }

  clear(first: number): void {
    this.#records = [];
    this.#first = first;
    this.#bytes = 0;
  }

  #drop(): void {
    this.#bytes -= this.#records.shift()?.byteLength ?? 0;
    this.#first++;
  }
}
