// Starting a process, and beginning one again; both may wait for something of the run they began.

import { restartRequestSchema, startRequestSchema } from "@longwire/shared/api/requests.ts";
import type { StartedAnswer } from "@longwire/shared/api/views.ts";
import { startQuerySchema } from "@longwire/shared/api/wait-requests.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import type { Result } from "../result.ts";
import type { App } from "./app.ts";
import { beginAgain, beginRun, type Begun } from "./begin-run.ts";
import { readActing } from "./command.ts";
import { waitNeeds, type Call } from "./context.ts";
import { readWait, type ReadWait } from "./waits.ts";

export function addStarts(app: App): void {
  app.post("/v1/machines/:machine/processes", async (c) => {
    const beganAt = Date.now();
    const acting = await readActing(c, startRequestSchema, "run", ...waitNeeds(c));
    if (!acting.ok) return problemResponse(acting.refusal);
    const waiting = readStartWait(c, beganAt);
    if (!waiting.ok) return problemResponse(waiting.refusal);
    return answer(c, await beginRun(acting.value, waiting.value, c.req.raw.signal));
  });

  app.post("/v1/machines/:machine/processes/:process/restart", async (c) => {
    const beganAt = Date.now();
    const acting = await readActing(c, restartRequestSchema, "run", ...waitNeeds(c));
    if (!acting.ok) return problemResponse(acting.refusal);
    const waiting = readStartWait(c, beganAt);
    if (!waiting.ok) return problemResponse(waiting.refusal);
    return answer(c, await beginAgain(acting.value, c.req.param("process"), waiting.value, c.req.raw.signal));
  });
}

/** The wait a start's query asks for; null where it asks for none. */
function readStartWait(c: Call, beganAt: number): Result<ReadWait | null> {
  const query = parseQuery(c.req.url, startQuerySchema, "until");
  if (!query.ok) return query;
  return query.value === null ? { ok: true, value: null } : readWait(query.value, beganAt);
}

/** 201 and the run's process; 200 where a process that lives already is the answer. */
function answer(c: Call, begun: Result<Begun>): Response {
  if (!begun.ok) return problemResponse(begun.refusal);
  const { process, isReused, wait } = begun.value;
  const headers = { Location: `/v1/machines/${c.req.param("machine")}/processes/${process.process_id}` };
  const answered = wait === null ? process : ({ ...process, wait } satisfies StartedAnswer);
  return c.json(answered, isReused ? 200 : 201, headers);
}
