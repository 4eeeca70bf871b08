// Starting a process, and beginning one again; both may wait for something of the run they began.

import { restartRequestSchema, startRequestSchema } from "@longwire/shared/api/requests.ts";
import type { StartedAnswer } from "@longwire/shared/api/views.ts";
import { startQuerySchema } from "@longwire/shared/api/wait-requests.ts";
import { processIdSchema } from "@longwire/shared/ids.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { commandWaitMs, defaultGraceMs } from "@longwire/shared/limits.ts";
import type { Operation } from "@longwire/shared/wire/commands.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import type { Result } from "../result.ts";
import { waitForRun } from "../waits/wait-for-run.ts";
import type { App } from "./app.ts";
import { act, readActing, type Acting } from "./command.ts";
import { waitNeeds, type Call } from "./context.ts";
import { ladderMs } from "./stops.ts";
import { readWait, type ReadWait } from "./waits.ts";

export function addStarts(app: App): void {
  app.post("/v1/machines/:machine/processes", async (c) => {
    const beganAt = Date.now();
    const acting = await readActing(c, startRequestSchema, "run", ...waitNeeds(c));
    if (!acting.ok) return problemResponse(acting.refusal);
    const waiting = readStartWait(c, beganAt);
    if (!waiting.ok) return problemResponse(waiting.refusal);
    const request = acting.value.body;
    if (waiting.value?.until.includes("ready") === true && request.ready === undefined && request.use === undefined) {
      return problemResponse(neverReady);
    }
    const stopMs = request.if_running === "restart" ? ladderMs(defaultGraceMs) : 0;
    return await begin(c, acting.value, { op: "start", request }, waiting.value, stopMs);
  });

  app.post("/v1/machines/:machine/processes/:process/restart", async (c) => {
    const beganAt = Date.now();
    const acting = await readActing(c, restartRequestSchema, "run", ...waitNeeds(c));
    if (!acting.ok) return problemResponse(acting.refusal);
    const waiting = readStartWait(c, beganAt);
    if (!waiting.ok) return problemResponse(waiting.refusal);
    const found = await acting.value.machine.findProcess(c.req.param("process"));
    if (!found.ok) return problemResponse(found.refusal);
    const process = processIdSchema.parse(found.value.process_id);
    const operation = { op: "restart", process, ...acting.value.body } as const;
    return await begin(c, acting.value, operation, waiting.value, ladderMs(operation.grace_ms));
  });
}

const neverReady: Refusal = {
  code: "invalid_request",
  detail: "until: `ready` needs a condition for it in the request's `ready`",
  errors: [{ path: "until", message: "`ready` needs a condition for it in the request's `ready`" }],
};

/** The wait a start's query asks for; null where it asks for none. */
function readStartWait(c: Call, beganAt: number): Result<ReadWait | null> {
  const query = parseQuery(c.req.url, startQuerySchema, "until");
  if (!query.ok) return query;
  return query.value === null ? { ok: true, value: null } : readWait(query.value, beganAt);
}

/**
 * Has a run begin and waits as asked. 201 and the run's process; 200 where a process that lives already is the answer.
 * `stopMs`: what stopping the run before may take. A wait's time includes that.
 */
async function begin(
  c: Call,
  acting: Acting<unknown>,
  operation: Operation,
  waiting: ReadWait | null,
  stopMs: number,
): Promise<Response> {
  const { machine, standing } = acting;
  const actMs = waiting === null ? stopMs + commandWaitMs : Math.min(stopMs + commandWaitMs, waiting.startMs);
  const done = await act(acting, operation, actMs);
  if (!done.ok) return problemResponse(done.refusal);
  const { outcome, process: begun } = done.value;
  const status = outcome.reused === true ? 200 : 201;
  const headers = { Location: `/v1/machines/${c.req.param("machine")}/processes/${begun.process_id}` };
  if (waiting === null) return c.json(begun, status, headers);
  const after = { run: begun.run, offset: 0 };
  const { signal } = c.req.raw;
  const waited = await waitForRun({ ...waiting, machine, standing, process: begun.process_id, after, signal });
  if (!waited.ok) return problemResponse(waited.refusal);
  const { process, ...wait } = waited.value;
  return c.json({ ...process, wait } satisfies StartedAnswer, status, headers);
}
