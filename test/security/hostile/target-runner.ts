// The built runner that is attacked: started as its owner would, enrolled with the hostile control plane.

import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { residentBytes } from "../../faults/memory-watch.ts";
import { root } from "../../support/product.ts";
import { survivorsOf, treeOf, type Known } from "../../support/process-tree.ts";
import type { OwnersMachine } from "./owners-machine.ts";
import { ProcessWatch, readTrace, tracer } from "./watch-spawns.ts";

const program = path.join(root, "runner/dist/cli.js");

export class TargetRunner {
  readonly #child: ChildProcess;
  readonly #trace: string | null;
  #said = "";
  readonly pid: number;
  readonly arguments: readonly string[];
  readonly watch: ProcessWatch;
  #mostBytes = 0;
  readonly #timer: NodeJS.Timeout;

  private constructor(child: ChildProcess, pid: number, args: readonly string[], trace: string | null) {
    this.#child = child;
    this.pid = pid;
    this.arguments = args;
    this.#trace = trace;
    this.watch = new ProcessWatch(pid);
    child.stderr?.setEncoding("utf8").on("data", (text: string) => (this.#said = (this.#said + text).slice(-200_000)));
    this.#timer = setInterval(() => (this.#mostBytes = Math.max(this.#mostBytes, residentBytes(pid))), 100);
  }

  /** Starts it; with `traced` below `strace`, where that is installed. */
  static async start(machine: OwnersMachine, server: string, traced: boolean): Promise<TargetRunner> {
    const file = path.join(machine.folder, "trace");
    const before = traced ? tracer(file) : [];
    const own = [process.execPath, program, "connect", "--json", "--server", server, "--name", "target"];
    const args = [
      ...own,
      "--cwd",
      machine.root,
      "--data",
      machine.data,
      "--policy",
      machine.policyFile,
      "--allow-root",
    ];
    const [first = "", ...rest] = [...before, ...args];
    const child = spawn(first, rest, {
      stdio: ["ignore", "pipe", "pipe"],
      env: machine.environment,
      cwd: machine.root,
    });
    let ready = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (ready += text));
    let said = "";
    const listen = (text: Buffer): void => void (said += text.toString());
    child.stderr.on("data", listen);
    const line = await waitUntil("the runner is connected", () => {
      if (child.exitCode !== null) throw new Error(`the runner ended with ${child.exitCode}: ${said}`);
      return ready.includes("\n") && ready;
    });
    child.stderr.off("data", listen);
    const { pid } = JSON.parse(line) as { pid: number };
    return new TargetRunner(child, pid, args, before.length > 0 ? file : null);
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The longest line of the end of what it wrote to its standard error. */
  get longestLine(): number {
    return Math.max(...this.#said.split("\n").map((line) => line.length));
  }

  /** The end of what it wrote to its standard error. */
  get said(): string {
    return this.#said;
  }

  get mostMiB(): number {
    return Math.round(this.#mostBytes / 1024 / 1024);
  }

  get isTraced(): boolean {
    return this.#trace !== null;
  }

  /** The arguments of everything that was executed below it, as far as anybody saw. */
  executed(): readonly (readonly string[])[] {
    const traced = this.#trace === null ? [] : readTrace(this.#trace);
    return [...traced, ...this.watch.seen];
  }

  /** Ends it as Ctrl-C does; whoever is left of its tree. */
  async end(): Promise<readonly Known[]> {
    const tree = treeOf(this.pid);
    if (this.isRunning) process.kill(this.pid, "SIGINT");
    await waitUntil("the runner ended", () => !this.isRunning, 60_000);
    this.watch.close();
    clearInterval(this.#timer);
    const left = survivorsOf(tree);
    for (const { pid } of left) process.kill(pid, "SIGKILL");
    return left;
  }
}
