// The one place where a failure of a command becomes an exit code.

import { DataFolderInUse } from "@longwire/shared/node/data-lock.ts";
import { maskOwn } from "./mask-own.ts";

export const exitCodes = { ok: 0, failed: 1, usage: 2, notAuthorised: 3, unreachable: 4 } as const;

/** An expected end with something to tell: what happened and what to do next. */
export class CliFailure extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** Prints a failure to stderr; the exit code it stands for. */
export function reportFailure(error: unknown): number {
  if (error instanceof DataFolderInUse) {
    process.stderr.write(`runner: ${maskOwn(error.message)}\n`);
    return exitCodes.failed;
  }
  if (error instanceof CliFailure) {
    process.stderr.write(`runner: ${maskOwn(error.message)}\n`);
    return error.exitCode;
  }
  process.stderr.write(`runner: ${maskOwn(error instanceof Error ? (error.stack ?? error.message) : String(error))}\n`);
  return exitCodes.failed;
}
