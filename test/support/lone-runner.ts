// A runner of its own, as `runner connect` starts it, that joins a control plane with its enrol key.

import { spawn, type ChildProcess } from "node:child_process";
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { root } from "./product.ts";

export interface LoneRunnerOptions {
  /** The address it dials. */
  readonly server: string;
  /** The data folder of the control plane's host, where the enrol key lies. */
  readonly hostData: string;
  /** What it finds in its environment beside this process's own. */
  readonly environment?: Readonly<Record<string, string>>;
  /** A runner whose token and process numbers it takes from its data folder; it enrols where there is none. */
  readonly sameAs?: LoneRunner;
}

export class LoneRunner {
  readonly data = mkdtempSync(path.join(tmpdir(), "longwire-test-"));
  readonly #options: LoneRunnerOptions;
  #child: ChildProcess | null = null;
  #isConnected = false;
  #log = "";

  private constructor(options: LoneRunnerOptions) {
    this.#options = options;
  }

  /** Starts it and waits until it is connected. */
  static async start(options: LoneRunnerOptions): Promise<LoneRunner> {
    const runner = new LoneRunner(options);
    for (const file of options.sameAs === undefined ? [] : ["identity.json", "token", "processes.json"]) {
      copyFileSync(path.join(options.sameAs?.data ?? "", file), path.join(runner.data, file));
    }
    runner.begin();
    await waitUntil("the runner is connected", () => runner.isConnected());
    return runner;
  }

  /** Whether the runner that lives now ever was connected. */
  isConnected(): boolean {
    return this.#isConnected;
  }

  /** Starts it, on whatever an earlier one left. */
  begin(): void {
    this.#isConnected = false;
    const program = path.join(root, "runner/dist/cli.js");
    const args = ["connect", "--json", "--server", this.#options.server, "--data", this.data, "--allow-all"];
    const child = spawn(process.execPath, [program, ...args, "--allow-root"], {
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...process.env,
        XDG_CONFIG_HOME: path.join(this.data, "config"),
        ...this.#options.environment,
        LONGWIRE_ENROLL_KEY: readFileSync(path.join(this.#options.hostData, "enroll-key"), "utf8"),
      },
    });
    this.#child = child;
    child.stderr.setEncoding("utf8").on("data", (text: string) => (this.#log += text));
    // It says so when it is connected for the first time.
    child.stdout.once("data", () => (this.#isConnected = child === this.#child));
  }

  /** All that runners on this folder logged. */
  get log(): string {
    return this.#log;
  }

  /** The token of the workspace it made. */
  get token(): string {
    return readFileSync(path.join(this.data, "token"), "utf8").trim();
  }

  /** The code it ended with by itself; null while it runs. */
  get exitCode(): number | null {
    return this.#child?.exitCode ?? null;
  }

  /** `kill -9`, and a new one on the same data. */
  async replace(): Promise<void> {
    await this.kill();
    this.begin();
  }

  /** `kill -9`. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  get isRunning(): boolean {
    return this.#child !== null && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (child === null) return;
    child.kill(signal);
    await waitUntil("the runner ended", () => child.exitCode !== null || child.signalCode !== null, 40_000);
  }

  /** Ends it as Ctrl-C does, and removes its folder. */
  async close(): Promise<void> {
    await this.#end("SIGINT");
    rmSync(this.data, { recursive: true, force: true });
  }
}
