// Signals that end `start`, caught from the first moment on: a control plane that is half up must not be left behind.

import type { RunnerProcess } from "./runner-process.ts";

/** How the program was told to end, from whatever moment on. */
export class Ending {
  #signal: "SIGINT" | "SIGHUP" | null = null;
  #runner: RunnerProcess | null = null;

  constructor() {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => this.#end("SIGINT"));
    process.on("SIGHUP", () => this.#end("SIGHUP"));
  }

  #end(signal: "SIGINT" | "SIGHUP"): void {
    this.#signal = signal;
    this.#runner?.end(signal);
  }

  /** The runner to pass it on to; ended at once where that was asked for already. */
  set runner(runner: RunnerProcess) {
    this.#runner = runner;
    if (this.#signal !== null) runner.end(this.#signal);
  }
}
