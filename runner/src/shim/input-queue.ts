// What a child is given, until it takes it. Nothing here waits for a child: what it does not take now is offered again
// later, in small pieces, and no more waits than a bound.

export interface InputSink {
  /** Gives what can be given now; how many bytes that was, possibly 0. Throws where nobody reads any more. */
  readonly write: (bytes: Uint8Array) => number;
  /** No more comes. */
  readonly close: () => void;
  /** What tells a terminal that its input ends; it stays open all the same. */
  readonly endOfInput?: Uint8Array;
}

/** `closed`: nobody reads it. `full`: too much waits already. Nothing was taken then. */
export type InputVerdict = "taken" | "closed" | "full";

export const maxWaitingInputBytes = 1024 * 1024;
/** A terminal's line discipline takes 4 KiB at a time. */
const pieceBytes = 4096;
const firstRetryMs = 20;
const lastRetryMs = 320;

export class InputQueue {
  readonly #sink: InputSink;
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #state: "open" | "closing" | "closed" = "open";
  #retry: NodeJS.Timeout | null = null;
  #retryMs = firstRetryMs;

  constructor(sink: InputSink) {
    this.#sink = sink;
  }

  /** Takes all of `bytes`, and the end of the input behind them where `ends`, or nothing. */
  offer(bytes: Uint8Array, ends: boolean): InputVerdict {
    const { endOfInput } = this.#sink;
    const all = ends && endOfInput !== undefined ? Buffer.concat([bytes, endOfInput]) : Buffer.from(bytes);
    if (this.#state !== "open") return "closed";
    if (this.#waitingBytes + all.byteLength > maxWaitingInputBytes) return "full";
    if (all.byteLength > 0) this.#waiting.push(all);
    this.#waitingBytes += all.byteLength;
    if (ends && endOfInput === undefined) this.#state = "closing";
    if (this.#retry !== null) return "taken";
    return this.#pump() ? "taken" : "closed";
  }

  /** Gives up on what waits. */
  close(): void {
    if (this.#state === "closed") return;
    this.#state = "closed";
    if (this.#retry !== null) clearTimeout(this.#retry);
    this.#retry = null;
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#sink.close();
  }

  /** Gives what is taken; false where nobody reads any more. */
  #pump(): boolean {
    for (let head = this.#waiting[0]; head !== undefined; head = this.#waiting[0]) {
      const written = this.#write(head.subarray(0, pieceBytes));
      if (written === null) {
        this.close();
        return false;
      }
      if (written === 0) {
        this.#retryLater();
        return true;
      }
      this.#retryMs = firstRetryMs;
      this.#waitingBytes -= written;
      if (written === head.byteLength) this.#waiting.shift();
      else this.#waiting[0] = head.subarray(written);
    }
    if (this.#state === "closing") this.close();
    return true;
  }

  #write(piece: Uint8Array): number | null {
    try {
      return this.#sink.write(piece);
    } catch {
      return null;
    }
  }

  #retryLater(): void {
    this.#retry = setTimeout(() => {
      this.#retry = null;
      this.#pump();
    }, this.#retryMs);
    this.#retryMs = Math.min(2 * this.#retryMs, lastRetryMs);
  }
}
