// The product as a user starts it, on a free port and a folder of its own.

import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Front } from "../conform/front.ts";
import { standBefore } from "../conform/stand-before.ts";
import { survivorsOf, treeOf, type Known } from "./process-tree.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";

export const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Ready {
  readonly url: string;
  readonly mcp_url: string;
  readonly machine_id: string;
  readonly token: string;
  readonly token_file: string;
  readonly pid: number;
}

export interface ProductOptions {
  readonly data?: string;
  readonly args?: readonly string[];
  /** The built `start`; this build's own unless it is given. */
  readonly program?: string;
  /** Added to its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

const binFolder = path.join(root, "node_modules/.bin");
const userPath = (process.env["PATH"] ?? "").split(":").filter((folder) => !folder.includes("node_modules"));

/** What the product finds around it when a package manager starts it for a user. */
const environment = {
  HOME: process.env["HOME"],
  PATH: [binFolder, ...userPath].join(":"),
  npm_lifecycle_event: "start",
  npm_execpath: "/somewhere/pnpm.mjs",
  npm_config_user_agent: "pnpm/12 npm/? node/v24 linux x64",
  // Tests and benchmarks start more in a minute than anybody does.
  LONGWIRE_STARTS_PER_MINUTE: "1000000",
};

export class Product {
  readonly data: string;
  readonly ready: Ready;
  readonly #child: ChildProcess;
  readonly #stdout: readonly string[];
  readonly #stderr: readonly string[];
  readonly #front: Front | null;

  private constructor(
    data: string,
    ready: Ready,
    child: ChildProcess,
    stdout: readonly string[],
    stderr: readonly string[],
    front: Front | null,
  ) {
    this.data = data;
    this.ready = ready;
    this.#child = child;
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.#front = front;
  }

  static async start(options: ProductOptions = {}): Promise<Product> {
    const data = options.data ?? mkdtempSync(path.join(tmpdir(), "longwire-test-"));
    const args = ["--json", "--port", "0", "--data", data, "--allow-root", ...(options.args ?? ["--allow-all"])];
    const start = options.program ?? path.join(root, "control-plane/dist/start.js");
    const child = spawn(process.execPath, [start, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
      cwd: root,
      // The policy file of whoever runs the tests is none of theirs.
      env: { ...environment, XDG_CONFIG_HOME: path.join(data, "config"), ...options.env },
    });
    const stdout: string[] = [];
    const stderr: string[] = [];
    createInterface({ input: child.stdout }).on("line", (line) => stdout.push(line));
    createInterface({ input: child.stderr }).on("line", (line) => stderr.push(line));
    const line = await waitUntil("the product is ready", () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${stderr.join("\n")}`);
      return stdout[0];
    }).catch(async (error: unknown) => {
      child.kill("SIGINT");
      await waitUntil("it ended", () => child.exitCode !== null || child.signalCode !== null, 40_000);
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
      throw error;
    });
    const ready = JSON.parse(line) as Ready;
    const front = await standBefore(ready.url);
    return new Product(data, { ...ready, url: front?.url ?? ready.url }, child, stdout, stderr, front);
  }

  /** Every line it wrote to stdout. */
  get stdout(): readonly string[] {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr.join("\n");
  }

  /** The host, its workerd, the runner, shims and children. */
  tree(): Known[] {
    return treeOf(this.#child.pid ?? 0);
  }

  /** The process of the tree whose command matches; throws where there is none. */
  find(command: RegExp): Known {
    const found = this.tree().findLast((known) => command.test(known.command));
    if (found === undefined) throw new Error(`no process ${command.source} in the product's tree`);
    return found;
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Sends the host a signal and waits until it ended; its exit code. */
  async end(signal: NodeJS.Signals): Promise<number | null> {
    if (this.isRunning) this.#child.kill(signal);
    await waitUntil("the product ended", () => !this.isRunning, 40_000);
    await this.#front?.close();
    return this.#child.exitCode;
  }

  /** Ends it as Ctrl-C does, sees that nobody is left, and removes its folder. Safe to call again. */
  async close(): Promise<void> {
    const tree = this.tree();
    await this.end("SIGINT");
    const left = survivorsOf(tree);
    for (const { pid } of left) process.kill(pid, "SIGKILL");
    rmSync(this.data, { recursive: true, force: true });
    if (left.length > 0)
      throw new Error(`left behind: ${left.map(({ command }) => command).join(" | ")}\n${this.stderr}`);
  }
}
