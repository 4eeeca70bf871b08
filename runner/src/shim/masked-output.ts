// One stream's way from what was read to what is recorded: what is secret is masked, then it is cut at the borders of
// characters. What may begin a secret waits a moment for the rest; of a child that says no more it is shown as far as it
// tells nothing.

import type { Redactor } from "../redact/redactor.ts";
import { OutputCutter } from "./output-cutter.ts";

/** Longer than the pieces of one print lie apart, and too short to be seen. */
const silenceMs = 10;

export class MaskedOutput {
  readonly #redactor: Redactor;
  readonly #onPiece: (piece: Buffer) => void;
  readonly #cutter = new OutputCutter();
  #timer: NodeJS.Timeout | null = null;

  constructor(redactor: Redactor, onPiece: (piece: Buffer) => void) {
    this.#redactor = redactor;
    this.#onPiece = onPiece;
  }

  take(chunk: Buffer): void {
    this.#tell(this.#redactor.feed(chunk));
    if (this.#redactor.holds) this.#await();
  }

  /** Hands over the rest; nothing is taken after it. */
  end(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#tell(this.#redactor.end());
    const rest = this.#cutter.finish();
    if (rest.byteLength > 0) this.#onPiece(rest);
  }

  #tell(bytes: Buffer): void {
    if (bytes.byteLength === 0) return;
    for (const piece of this.#cutter.cut(bytes)) this.#onPiece(piece);
  }

  #await(): void {
    if (this.#timer !== null) return void this.#timer.refresh();
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#tell(this.#redactor.release());
    }, silenceMs);
  }
}
