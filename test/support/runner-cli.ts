// The runner's command line, run to its end.

import { execFile } from "node:child_process";
import path from "node:path";
import { root } from "./product.ts";

export interface CliEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `env` is added to this process's own, less a token it may have. */
export async function runCli(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<CliEnd> {
  const program = path.join(root, "runner/dist/cli.js");
  const { LONGWIRE_TOKEN: _, ...own } = process.env;
  return await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [program, ...args],
      { env: { ...own, ...env }, timeout: 60_000 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}
