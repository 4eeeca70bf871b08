// Reads a child's pipes into pieces, in the order they become readable, until all end or reading is given up.

import type { Readable } from "node:stream";
import type { OpenPipe } from "./child-pipes.ts";
import { OutputCutter } from "./output-cutter.ts";
import type { OnOutput, Output, StreamName } from "./run-child.ts";

export type OutputPipes = readonly { readonly stream: StreamName; readonly open: OpenPipe }[];

export class Capture implements Output {
  readonly #pipes: Readable[] = [];
  readonly #finishers: (() => void)[] = [];
  #paused = false;
  readonly ended: Promise<void>;

  constructor(pipes: OutputPipes, onOutput: OnOutput) {
    this.ended = Promise.all(pipes.map(({ stream, open }) => this.#follow(stream, open, onOutput))).then(() => {});
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

  #follow(name: StreamName, open: OpenPipe, onOutput: OnOutput): Promise<void> {
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
