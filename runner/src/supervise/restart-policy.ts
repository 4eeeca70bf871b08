// Whether an ended run is followed by another one, and when.
//
//   ended by                      never   on_failure   always
//   a stop that was asked for      no        no          no
//   a denial of the owner          no        no          no
//   code 0                         no        no          yes
//   anything else                  no        yes         yes     up to `max` in a row

import type { Restart } from "@longwire/shared/api/supervision-requests.ts";
import { backoffMs } from "@longwire/shared/backoff.ts";
import type { RunEnd } from "./kept-start.ts";

/** A run that lived this long was a success, whatever ended it: its policy counts from the beginning again. */
export const steadyRunMs = 60_000;

export interface Follow {
  /** Before the next run. */
  readonly delayMs: number;
  /** The next run's place in a row of restarts, from 1. */
  readonly streak: number;
}

/** `streak`: restarts in a row up to the run that ended, which lived for `ranMs`. Null: no run follows. */
export function planRestart(
  restart: Restart | undefined,
  end: Pick<RunEnd, "reason" | "returncode">,
  { streak, ranMs }: { readonly streak: number; readonly ranMs: number },
  random: number,
): Follow | null {
  if (restart === undefined || restart.policy === "never") return null;
  if (end.reason === "stopped" || end.reason === "denied") return null;
  const isSuccess = end.reason === "exit" && end.returncode === 0;
  if (restart.policy === "on_failure" && isSuccess) return null;
  const row = ranMs >= steadyRunMs ? 0 : streak;
  if (row >= restart.max) return null;
  const bounds = { minMs: restart.delay_ms, maxMs: restart.max_delay_ms };
  return { delayMs: Math.round(backoffMs(row, random, bounds)), streak: row + 1 };
}
