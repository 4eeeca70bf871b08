// Reads what is printed in a terminal, from its master's side. Two things of the system are worked around:
//
// - A master whose last slave is closed may look ended while output is still on its way. So the shim holds a slave
//   open until the processes are gone, then closes it and reads the rest by itself: the kernel hands over all there
//   is before it says EIO.
// - The descriptor belongs to the stream that reads it, which closes it; nothing is read or written after that.

import { closeSync, readSync } from "node:fs";
import { ReadStream } from "node:tty";
import { pipeReadBytes } from "@longwire/shared/limits.ts";
import type { Redaction } from "../redact/redaction.ts";
import { MaskedOutput } from "./masked-output.ts";
import type { OnOutput, Output } from "./run-child.ts";

const restPollMs = 20;

export class TerminalOutput implements Output {
  readonly ended: Promise<void>;
  readonly #fd: number;
  readonly #stream: ReadStream;
  readonly #output: MaskedOutput;
  #hold: number | null;
  #paused = false;
  #finished = false;
  #resolve: () => void = () => {};

  /** `fd`: the master. `hold`: the slave, open until the rest is read. Both are closed here. */
  constructor(fd: number, hold: number, redaction: Redaction, onOutput: OnOutput) {
    this.#fd = fd;
    this.#hold = hold;
    this.#output = new MaskedOutput(redaction.redactor(), (piece) => onOutput("tty", piece));
    this.ended = new Promise((resolve) => (this.#resolve = resolve));
    this.#stream = new ReadStream(fd);
    this.#stream.on("data", (chunk: Buffer) => this.#take(chunk));
    for (const end of ["end", "error", "close"] as const) this.#stream.on(end, () => this.#finish());
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Whether the descriptor may be used. */
  get isOpen(): boolean {
    return !this.#finished;
  }

  setPaused(paused: boolean): void {
    if (paused === this.#paused || this.#finished) return;
    this.#paused = paused;
    if (paused) this.#stream.pause();
    else this.#stream.resume();
  }

  readRest(): void {
    this.setPaused(false);
    // What the stream held while it was paused comes first.
    setImmediate(() => {
      this.#letGo();
      this.#readOn(Buffer.allocUnsafeSlow(pipeReadBytes));
    });
  }

  close(): void {
    this.#finish();
    this.#letGo();
    this.#stream.destroy();
  }

  #take(chunk: Buffer): void {
    if (!this.#finished) this.#output.take(chunk);
  }

  #letGo(): void {
    if (this.#hold !== null) closeSync(this.#hold);
    this.#hold = null;
  }

  /** Reads until nothing can come any more; looks again as long as somebody still has the terminal open. */
  #readOn(buffer: Buffer): void {
    while (!this.#finished) {
      try {
        const size = readSync(this.#fd, buffer);
        if (size === 0) return this.#finish();
        this.#take(buffer.subarray(0, size));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return this.#finish();
        setTimeout(() => this.#readOn(buffer), restPollMs);
        return;
      }
    }
  }

  #finish(): void {
    if (this.#finished) return;
    this.#output.end();
    this.#finished = true;
    this.#resolve();
  }
}
