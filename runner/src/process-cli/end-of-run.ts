// How a run ended, as an exit code of whoever waited for it and in words. Pure.

import type { Process } from "@longwire/shared/api/views.ts";
import { exitCodes } from "../cli/exit.ts";

export type RunEnd = Pick<Process, "state" | "returncode" | "signal" | "reason"> & {
  readonly detail?: string | undefined;
};

/** Numbers of signals by name, as `os.constants.signals` has them. */
export type SignalNumbers = Readonly<Record<string, number>>;

/** What a shell adds to a signal's number. */
const bySignal = 128;

/** The code a shell would give; for what did not run, or nobody saw, one of the command line's own. */
export function codeOfEnd(end: RunEnd, signals: SignalNumbers): number {
  if (end.returncode !== null) return end.returncode;
  const number = end.signal === null ? undefined : signals[end.signal];
  if (number !== undefined) return bySignal + number;
  return end.reason === "denied" ? exitCodes.notAuthorised : exitCodes.failed;
}

/** Such as `exited with 1`, `was ended by SIGKILL (memory)`. */
export function sayEnd({ returncode, signal, reason, detail, state }: RunEnd): string {
  const more = detail === undefined || detail === "" ? "" : `: ${detail.replace(/\.$/, "")}`;
  const why = reason === null || reason === "exit" || reason === "signal" ? "" : ` (${reason})`;
  if (returncode !== null) return `exited with ${returncode}${why}${more}`;
  if (signal !== null) return `was ended by ${signal}${why}${more}`;
  if (state === "failed") return `did not run${why}${more}`;
  return `ended, and nobody saw how${why}${more}`;
}

/** Whether there is something to say about it beyond its code. */
export function isUnusual({ returncode, reason }: RunEnd): boolean {
  return returncode === null || reason !== "exit";
}
