// Waiting for something of a process: its end, a line, any output, or silence.

import { waitQuerySchema, type WaitQuery } from "@longwire/shared/api/wait-requests.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import { succeed, type Result } from "../result.ts";
import { compilePattern } from "@longwire/shared/pattern.ts";
import { waitForRun, type RunWait } from "../waits/wait-for-run.ts";
import type { App } from "./app.ts";
import { machineOf } from "./context.ts";

export function addWaits(app: App): void {
  app.get("/v1/machines/:machine/processes/:process/wait", async (c) => {
    const beganAt = Date.now();
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    const query = parseQuery(c.req.url, waitQuerySchema, "until");
    if (!query.ok) return problemResponse(query.refusal);
    const wait = readWait(query.value, beganAt);
    if (!wait.ok) return problemResponse(wait.refusal);
    const { machine, standing } = reached.value;
    const process = c.req.param("process");
    const { after } = query.value;
    const { signal } = c.req.raw;
    const answer = await waitForRun({ ...wait.value, machine, standing, process, after, signal });
    return answer.ok ? c.json(answer.value) : problemResponse(answer.refusal);
  });
}

/** `startMs`: what a start before the wait may take. */
export type ReadWait = Pick<RunWait, "until" | "pattern" | "port" | "idleMs" | "endsAt"> & { readonly startMs: number };

/** A wait as its query asks for it, its pattern compiled, its time counted from the request's arrival. */
export function readWait(query: Omit<WaitQuery, "after">, beganAt: number): Result<ReadWait> {
  const { until, port, idle_ms: idleMs, wait_ms: waitMs } = query;
  const pattern = query.pattern === null ? succeed(null) : compilePattern(query.pattern);
  if (!pattern.ok) return pattern;
  const startMs = Math.max(waitMs, 1000);
  return succeed({ until, pattern: pattern.value, port, idleMs, endsAt: beganAt + waitMs, startMs });
}
