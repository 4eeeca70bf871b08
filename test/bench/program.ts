/**
 * Starts and ends the programs around a measurement (servers, senders), each in a process group of its own so that Ctrl-C
 * reaches the bench alone and ends them in order. They speak in lines over standard input and output.
 */
import { spawn } from "node:child_process";
import process from "node:process";
import { createInterface } from "node:readline";
import { setTimeout as delay } from "node:timers/promises";

const ERROR_TAIL_CHARS = 2000;

/** A program that runs until `end`. */
export interface Program {
  readonly pid: number;
  /** The next line of its standard output; rejects, with the end of what it complained, when it ended. */
  readLine(): Promise<string>;
  writeLine(line: string): void;
  /** Closes its input, signals it and waits; kills it after `graceMs`. Twice is fine. */
  end(graceMs?: number): Promise<void>;
}

/** Starts a program by executable and arguments; `env` is added to this process's own. */
export function startProgram(
  argv: readonly [string, ...string[]],
  cwd?: string,
  env: Readonly<Record<string, string>> = {},
): Program {
  const [file, ...args] = argv;
  const child = spawn(file, args, { cwd, detached: true, stdio: "pipe", env: { ...process.env, ...env } });
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-ERROR_TAIL_CHARS);
  });
  child.once("error", (error) => {
    complaint += error.message;
  });
  // Writing to a program that has just ended is told by its missing answer.
  child.stdin.on("error", () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();

  function isRunning(): boolean {
    return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
  }

  return {
    pid: child.pid ?? 0,
    async readLine() {
      const line = await lines.next();
      if (line.done !== true) return line.value;
      await ended;
      throw new Error(`${file} ${args.join(" ")} ended. ${complaint.trim()}`);
    },
    writeLine(line) {
      child.stdin.write(`${line}\n`);
    },
    async end(graceMs = 5000) {
      child.stdin.end();
      if (isRunning()) child.kill("SIGTERM");
      await Promise.race([ended, delay(graceMs, undefined, { ref: false })]);
      if (isRunning() && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
      await ended;
    },
  };
}
