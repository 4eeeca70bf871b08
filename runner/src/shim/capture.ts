// Reads a child's two pipes into pieces, in the order they become readable, until both end or reading is given up.

import type { Readable } from "node:stream";
import type { OpenPipe } from "./child-pipes.ts";
import { OutputCutter } from "./output-cutter.ts";

export type PipeName = "stdout" | "stderr";

/** Told of every piece, which is never empty, at most `maxRecordPayloadBytes` long, and holds until the call returns. */
export type OnOutput = (stream: PipeName, piece: Buffer) => void;

export class Capture {
  readonly #pipes: Readable[] = [];
  readonly #finishers: (() => void)[] = [];
  #paused = false;
  /** Resolves when both pipes ended. */
  readonly ended: Promise<void>;

  constructor(stdout: OpenPipe, stderr: OpenPipe, onOutput: OnOutput) {
    this.ended = Promise.all([this.#follow("stdout", stdout, onOutput), this.#follow("stderr", stderr, onOutput)]).then(
      () => {},
    );
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** While paused nothing is read, and a child that writes on comes to wait in its write. */
  setPaused(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    for (const pipe of this.#pipes) {
      if (paused) pipe.pause();
      else pipe.resume();
    }
  }

  /** Gives up on pipes that are still open, and hands over what was held back. */
  close(): void {
    for (const finish of this.#finishers) finish();
    for (const pipe of this.#pipes) pipe.destroy();
  }

  #follow(name: PipeName, open: OpenPipe, onOutput: OnOutput): Promise<void> {
    const cutter = new OutputCutter();
    let finished = false;
    const pipe = open((chunk) => {
      if (finished) return;
      for (const piece of cutter.cut(chunk)) onOutput(name, piece);
    });
    this.#pipes.push(pipe);
    return new Promise((resolve) => {
      const finish = (): void => {
        if (finished) return;
        finished = true;
        const rest = cutter.finish();
        if (rest.byteLength > 0) onOutput(name, rest);
        resolve();
      };
      this.#finishers.push(finish);
      pipe.once("end", finish);
      pipe.once("error", finish);
    });
  }
}
