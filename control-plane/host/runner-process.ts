// The runner beside an embedded control plane: a process of its own, started again when it dies, told to stop or to
// leave. It is in a process group of its own, so that a Ctrl-C reaches it through here and once.

import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import * as z from "zod";
import { backoffMs } from "@longwire/shared/backoff.ts";
import { keepTerminalSettings } from "./terminal-settings.ts";

const readySchema = z.object({ machine_id: z.string(), token_file: z.string() });
/** What the runner says when it is connected. */
export type RunnerReady = z.infer<typeof readySchema>;

export interface RunnerProcessOptions {
  readonly script: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether it is handed this program's terminal, to ask its owner there. */
  readonly asksInTerminal: boolean;
}

/** The descriptor of a terminal that is handed down. */
const terminalFd = 3;

/** The exit code of a runner that is not let in any more: starting it again changes nothing. */
const notAuthorised = 3;
/** A runner that lived this long was fine; its death counts as the first. */
const steadyMs = 30_000;

/** A flood's garbage would grow the young generation to 64 MiB; in a small one it dies as soon, and 40 MiB less are held. */
const runnerFlags = ["--max-semi-space-size=4"];

export class RunnerProcess {
  readonly #options: RunnerProcessOptions;
  readonly #ready = Promise.withResolvers<RunnerReady>();
  readonly #ended = Promise.withResolvers<number>();
  #child: ChildProcess | null = null;
  #isEnding = false;
  #wasReady = false;
  #failures = 0;
  #timer: NodeJS.Timeout | undefined;
  readonly #resetTerminal: () => void;

  constructor(options: RunnerProcessOptions) {
    this.#options = options;
    this.#resetTerminal = options.asksInTerminal ? keepTerminalSettings() : () => {};
    this.#start();
  }

  /** Resolves when the runner is connected for the first time. */
  get ready(): Promise<RunnerReady> {
    return this.#ready.promise;
  }

  /** Resolves with an exit code when the runner will not run any more. */
  get ended(): Promise<number> {
    return this.#ended.promise;
  }

  #start(): void {
    const { script, args, env, asksInTerminal } = this.#options;
    const startedAt = performance.now();
    const child = spawn(process.execPath, [...runnerFlags, script, "connect", "--json", ...args], {
      stdio: ["pipe", "pipe", "inherit", asksInTerminal ? 0 : "ignore"],
      detached: true,
      env: {
        ...process.env,
        ...env,
        LONGWIRE_LEAVE_WITH_PARENT: "1",
        LONGWIRE_TERMINAL_FD: asksInTerminal ? String(terminalFd) : "",
      },
    });
    this.#child = child;
    if (child.stdout === null) throw new Error("the runner has no output to be read");
    createInterface({ input: child.stdout }).on("line", (line) => {
      const ready = readySchema.safeParse(JSON.parse(line));
      if (!ready.success) return;
      this.#wasReady = true;
      this.#ready.resolve(ready.data);
    });
    child.once("error", (error) => process.stderr.write(`the runner cannot be started: ${error.message}\n`));
    child.once("close", (code) => {
      this.#child = null;
      this.#resetTerminal();
      if (this.#isEnding || !this.#wasReady) return this.#ended.resolve(code ?? 1);
      if (code === notAuthorised) {
        process.stderr.write("The control plane goes on without a runner of its own. Ctrl-C ends it.\n");
        return;
      }
      if (performance.now() - startedAt > steadyMs) this.#failures = 0;
      process.stderr.write("The runner ended unexpectedly and is started again; what it ran goes on.\n");
      this.#timer = setTimeout(() => this.#start(), backoffMs(this.#failures++, Math.random()));
    });
  }

  /** SIGINT: stops what runs, then ends; once more: ends at once. SIGHUP: leaves what runs to the next runner. */
  end(signal: "SIGINT" | "SIGHUP"): void {
    this.#isEnding = true;
    clearTimeout(this.#timer);
    if (this.#child === null) this.#ended.resolve(0);
    else this.#child.kill(signal);
  }
}
