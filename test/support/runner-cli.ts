// The runner's command line, run to its end, or begun and looked at.

import { execFile, spawn } from "node:child_process";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { root } from "./product.ts";

export const cliProgram = path.join(root, "runner/dist/cli.js");

export interface CliEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `env` is added to this process's own, less a token it may have. */
export async function runCli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliEnd> {
  const { LONGWIRE_TOKEN: _, ...own } = process.env;
  return await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [cliProgram, ...args],
      { env: { ...own, ...env }, timeout: 60_000, maxBuffer: 64 * 1024 * 1024 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

/** One that goes on. */
export interface BegunCli {
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly send: (signal: NodeJS.Signals) => void;
  readonly ended: () => Promise<CliEnd>;
}

export function beginCli(args: readonly string[]): BegunCli {
  const { LONGWIRE_TOKEN: _, ...env } = process.env;
  const child = spawn(process.execPath, [cliProgram, ...args], { env, stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  const textOf = (chunks: readonly Buffer[]) => (): string => Buffer.concat(chunks).toString();
  let code: number | null = null;
  child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
  child.on("close", (exitCode) => (code = exitCode ?? -1));
  return {
    stdout: textOf(stdout),
    stderr: textOf(stderr),
    send: (signal) => void child.kill(signal),
    ended: async () => {
      const ended = await waitUntil(`${args.join(" ")} ends`, () => code, 40_000);
      return { code: ended, stdout: textOf(stdout)(), stderr: textOf(stderr)() };
    },
  };
}
