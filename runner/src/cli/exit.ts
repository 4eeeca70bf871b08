// The one place where a failure of a command becomes an exit code.

import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { errorCatalogue } from "@longwire/shared/errors.ts";
import { DataFolderInUse } from "@longwire/shared/node/data-lock.ts";
import { plain } from "../policy-cli/say.ts";
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
  const { message, exitCode } = explain(error);
  process.stderr.write(`runner: ${maskOwn(message)}\n`);
  return exitCode;
}

function explain(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (error instanceof CliFailure) return error;
  if (error instanceof LongwireError) {
    // The words are the control plane's, which may be anybody.
    return { message: plain(`${error.message} ${error.hint}`), exitCode: exitCodeOf(error) };
  }
  if (!(error instanceof Error)) return { message: String(error), exitCode: exitCodes.failed };
  if (error.name === "TimeoutError") {
    return { message: "the control plane does not answer. Is the address right?", exitCode: exitCodes.unreachable };
  }
  const isExpected = error instanceof DataFolderInUse;
  return { message: isExpected ? error.message : (error.stack ?? error.message), exitCode: exitCodes.failed };
}

/** What a refusal means for whoever called the command. */
export function exitCodeOf({ code }: LongwireError): number {
  const isAnswer = code !== "unreachable" && code !== "unexpected_answer";
  return isAnswer ? errorCatalogue[code].exitCode : exitCodes.unreachable;
}
