// Reads a child's pipes into pieces, in the order they become readable, until all end or reading is given up.

import type { Readable } from "node:stream";
import type { OpenPipe } from "./child-pipes.ts";
import type { Redaction } from "../redact/redaction.ts";
import { MaskedOutput } from "./masked-output.ts";
import type { OnOutput, Output, StreamName } from "./run-child.ts";

export type OutputPipes = readonly { readonly stream: StreamName; readonly open: OpenPipe }[];

export class Capture implements Output {
  readonly #pipes: Readable[] = [];
  readonly #finishers: (() => void)[] = [];
  #paused = false;
  readonly ended: Promise<void>;

  constructor(pipes: OutputPipes, redaction: Redaction, onOutput: OnOutput) {
    this.ended = Promise.all(pipes.map(({ stream, open }) => this.#follow(stream, open, redaction, onOutput))).then(
      () => {},
    );
  }

  get paused(): boolean {
    return this.#paused;
  }

  setPaused(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    for (const pipe of this.#pipes) {
      if (paused) pipe.pause();
      else pipe.resume();
    }
  }

  readRest(): void {
    this.setPaused(false);
  }

  close(): void {
    for (const finish of this.#finishers) finish();
    for (const pipe of this.#pipes) pipe.destroy();
  }

  #follow(name: StreamName, open: OpenPipe, redaction: Redaction, onOutput: OnOutput): Promise<void> {
    const output = new MaskedOutput(redaction.redactor(), (piece) => onOutput(name, piece));
    let finished = false;
    const pipe = open((chunk) => {
      if (!finished) output.take(chunk);
    });
    this.#pipes.push(pipe);
    return new Promise((resolve) => {
      const finish = (): void => {
        if (finished) return;
        finished = true;
        output.end();
        resolve();
      };
      this.#finishers.push(finish);
      pipe.once("end", finish);
      pipe.once("error", finish);
    });
  }
}
