// A program in a terminal of its own, as a person sits at it.

import { createRequire } from "node:module";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { root } from "./product.ts";

interface NodePty {
  spawn(file: string, args: readonly string[], options: object): Pty;
}
interface Pty {
  readonly pid: number;
  onData(listener: (data: string) => void): void;
  onExit(listener: (exit: { exitCode: number; signal?: number }) => void): void;
  write(text: string): void;
  resize(cols: number, rows: number): void;
  kill(signal: string): void;
}

// The runner's dependency is the only one of its kind.
const load = createRequire(path.join(root, "runner/package.json"));

const lastWordsMs = 200;

export class PseudoTerminal {
  readonly #pty: Pty;
  #screen = "";
  #exitCode: number | null = null;

  constructor(args: readonly string[], env: Readonly<Record<string, string | undefined>>, file = process.execPath) {
    this.#pty = (load("@lydell/node-pty") as NodePty).spawn(file, args, { cols: 120, rows: 40, cwd: root, env });
    this.#pty.onData((data) => (this.#screen += data));
    // What was written last may come after the word that it ended.
    this.#pty.onExit(({ exitCode }) => setTimeout(() => (this.#exitCode = exitCode), lastWordsMs));
  }

  get pid(): number {
    return this.#pty.pid;
  }

  /** Everything that was written to it. */
  get screen(): string {
    return this.#screen;
  }

  get exitCode(): number | null {
    return this.#exitCode;
  }

  type(text: string): void {
    this.#pty.write(text);
  }

  resize(cols: number, rows: number): void {
    this.#pty.resize(cols, rows);
  }

  /** What was written from `from` on, once that holds `text`. */
  async shows(text: string, from = 0): Promise<string> {
    return await waitUntil(
      `the terminal shows ${JSON.stringify(text)}`,
      () => {
        const since = this.#screen.slice(from);
        if (since.includes(text)) return since;
        if (this.#exitCode !== null) throw new Error(`it ended with ${this.#exitCode}:\n${this.#screen}`);
        return null;
      },
      40_000,
    );
  }

  /** As closing its window does. */
  hangUp(): void {
    if (this.#exitCode === null) this.#pty.kill("SIGHUP");
  }

  /** The exit code, once it ended by itself. */
  async ended(): Promise<number> {
    return await waitUntil("it ended", () => this.#exitCode, 40_000);
  }

  /** Ends it as a terminal that is typed Ctrl-C at does; the exit code. */
  async end(): Promise<number> {
    if (this.#exitCode === null) this.#pty.kill("SIGINT");
    return await this.ended();
  }
}
