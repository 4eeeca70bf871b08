// The one place where a failure of a command becomes an exit code.

import { LongwireError, type LongwireErrorCode } from "@longwire/shared/client/longwire-error.ts";
import { errorCatalogue, type ErrorCode } from "@longwire/shared/errors.ts";
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

/** What a shell gives for a program whose reader has gone. */
const brokenPipe = 141;

/** Prints a failure to stderr; the exit code it stands for. */
export function reportFailure(error: unknown): number {
  if (error instanceof Error && "code" in error && error.code === "EPIPE") return brokenPipe;
  const { message, exitCode } = explain(error);
  process.stderr.write(`runner: ${maskOwn(message)}\n`);
  return exitCode;
}

function explain(error: unknown): { readonly message: string; readonly exitCode: number } {
  if (error instanceof CliFailure) return error;
  if (error instanceof LongwireError) {
    // The words are the control plane's, which may be anybody.
    return { message: plain(`${error.message} ${hintOf(error)}`), exitCode: exitCodeOf(error) };
  }
  if (!(error instanceof Error)) return { message: String(error), exitCode: exitCodes.failed };
  if (error.name === "TimeoutError") {
    return { message: "the control plane does not answer. Is the address right?", exitCode: exitCodes.unreachable };
  }
  const isExpected = error instanceof DataFolderInUse;
  return { message: isExpected ? error.message : (error.stack ?? error.message), exitCode: exitCodes.failed };
}

/** What to do here, where the catalogue's words are for callers of the API. */
const ownHints: Partial<Record<LongwireErrorCode, string>> = {
  not_found: "`runner ps --all` shows what there is.",
  unauthorized: "The token is that of LONGWIRE_TOKEN, or the one in the data folder: it was revoked, or is another's.",
  machine_offline: "`runner connect` on that machine brings it back; `runner logs` and `runner ps` work without it.",
  name_taken: "`runner ps` shows it; `runner stop` ends it, or give another --name.",
};

function hintOf({ code, hint }: LongwireError): string {
  const own = ownHints[code];
  const isCommon = code in errorCatalogue && hint === errorCatalogue[code as ErrorCode].hint;
  return own !== undefined && isCommon ? own : hint;
}

/** What a refusal means for whoever called the command. */
export function exitCodeOf({ code }: LongwireError): number {
  const isAnswer = code !== "unreachable" && code !== "unexpected_answer";
  return isAnswer ? errorCatalogue[code].exitCode : exitCodes.unreachable;
}
