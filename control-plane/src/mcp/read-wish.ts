// What a tool's call wants to wait for.

import { fillWait, waitProblems, type WaitCondition } from "@longwire/shared/api/wait-requests.ts";
import { readWait, type ReadWait } from "../api/waits.ts";
import { refuse, type Result } from "../result.ts";

export interface Wish {
  readonly until?: WaitCondition | undefined;
  readonly pattern?: string | undefined;
  readonly port?: number | undefined;
  readonly idle_ms: number;
  readonly wait_ms: number;
}

/** What ends the wait: `until`, and what a pattern or a port stands for by itself; `fallback` where none is given. */
export function conditionsOf({ until, pattern, port }: Wish, fallback: WaitCondition): WaitCondition[] {
  const named: WaitCondition[] = [
    ...(until === undefined ? [] : [until]),
    ...(pattern === undefined ? [] : (["match"] as const)),
    ...(port === undefined ? [] : (["port"] as const)),
  ];
  return named.length === 0 ? [fallback] : [...new Set(named)];
}

/** The wait, counted from `beganAt`. */
export function readWish(wish: Wish, fallback: WaitCondition, beganAt: number): Result<ReadWait> {
  const until = conditionsOf(wish, fallback);
  const fields = { ...wish, until };
  const [problem] = waitProblems(fields);
  if (problem !== undefined) {
    const errors = [{ path: problem.path.join("."), message: problem.message }];
    return refuse({ code: "invalid_request", detail: `${problem.path.join(".")}: ${problem.message}`, errors });
  }
  return readWait(fillWait(fields, until), beganAt);
}
