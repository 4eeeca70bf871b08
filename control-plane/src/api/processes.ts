// Starting, listing, looking at and signalling processes.

import { processQuerySchema, signalRequestSchema, startRequestSchema } from "@longwire/shared/api/requests.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import { processIdSchema } from "@longwire/shared/ids.ts";
import { startQuerySchema } from "@longwire/shared/api/wait-requests.ts";
import type { StartedAnswer } from "@longwire/shared/api/views.ts";
import { waitForRun } from "../waits/wait-for-run.ts";
import type { App } from "./app.ts";
import { act, readActing } from "./command.ts";
import { machineOf } from "./context.ts";
import { readWait } from "./waits.ts";

export function addProcesses(app: App): void {
  app.post("/v1/machines/:machine/processes", async (c) => {
    const beganAt = Date.now();
    const acting = await readActing(c, startRequestSchema);
    if (!acting.ok) return problemResponse(acting.refusal);
    const query = parseQuery(c.req.url, startQuerySchema, "until");
    if (!query.ok) return problemResponse(query.refusal);
    const waiting = query.value === null ? null : readWait(query.value, beganAt);
    if (waiting?.ok === false) return problemResponse(waiting.refusal);
    const { machine, body } = acting.value;
    const done = await act(acting.value, { op: "start", request: body }, waiting?.value.startMs);
    if (!done.ok) return problemResponse(done.refusal);
    const { process_id: id, run } = done.value.process;
    const headers = { Location: `/v1/machines/${c.req.param("machine")}/processes/${id}` };
    if (waiting === null) return c.json(done.value.process, 201, headers);
    const after = { run, offset: 0 };
    const waited = await waitForRun({ ...waiting.value, machine, process: id, after, signal: c.req.raw.signal });
    if (!waited.ok) return problemResponse(waited.refusal);
    const { process, ...wait } = waited.value;
    return c.json({ ...process, wait } satisfies StartedAnswer, 201, headers);
  });

  app.get("/v1/machines/:machine/processes", async (c) => {
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    const query = parseQuery(c.req.url, processQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    return c.json(await reached.value.machine.listProcesses(query.value));
  });

  app.get("/v1/machines/:machine/processes/:process", async (c) => {
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    const process = await reached.value.machine.findProcess(c.req.param("process"));
    return process.ok ? c.json(process.value) : problemResponse(process.refusal);
  });

  app.post("/v1/machines/:machine/processes/:process/signal", async (c) => {
    const acting = await readActing(c, signalRequestSchema);
    if (!acting.ok) return problemResponse(acting.refusal);
    const found = await acting.value.machine.findProcess(c.req.param("process"));
    if (!found.ok) return problemResponse(found.refusal);
    const process = processIdSchema.parse(found.value.process_id);
    const done = await act(acting.value, { op: "signal", process, ...acting.value.body });
    return done.ok ? c.json({ process: done.value.process }) : problemResponse(done.refusal);
  });
}
