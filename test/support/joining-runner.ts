// A runner as `runner connect` starts it on a data folder, with whatever options, begun and ended as often as a test asks.

import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { root } from "./product.ts";

export class JoiningRunner {
  readonly #data: string;
  readonly #args: readonly string[];
  #child: ChildProcess | null = null;
  #stdout = "";
  /** What the one that lives now, or lived last, wrote. */
  stderr = "";

  constructor(data: string, args: readonly string[]) {
    this.#data = data;
    this.#args = args;
    this.begin();
  }

  begin(): void {
    const program = path.join(root, "runner/dist/cli.js");
    const args = [program, "connect", "--json", "--allow-all", "--allow-root", "--data", this.#data, ...this.#args];
    const env = { ...process.env, XDG_CONFIG_HOME: path.join(this.#data, "config") };
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"], env });
    this.#child = child;
    this.#stdout = "";
    this.stderr = "";
    child.stdout.on("data", (data: Buffer) => (this.#stdout += data.toString()));
    child.stderr.on("data", (data: Buffer) => (this.stderr += data.toString()));
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** The line it prints once it is connected. */
  async ready(): Promise<Record<string, unknown>> {
    return await waitUntil("the runner is connected", () => {
      const code = this.#child?.exitCode ?? null;
      if (code !== null) throw new Error(`it ended with ${code}: ${this.stderr}`);
      return this.#stdout.endsWith("\n") && (JSON.parse(this.#stdout) as Record<string, unknown>);
    });
  }

  /** Its exit code, once it ended by itself. */
  async ended(): Promise<number | null> {
    const child = this.#child;
    await waitUntil("the runner ended", () => child?.exitCode !== null || child.signalCode !== null, 40_000);
    return child?.exitCode ?? null;
  }

  async end(signal: NodeJS.Signals): Promise<void> {
    this.#child?.kill(signal);
    await this.ended();
  }
}
