// Listing, looking at, signalling and forgetting processes.

import {
  emptyRequestSchema,
  metricsQuerySchema,
  processQuerySchema,
  runsQuerySchema,
  signalRequestSchema,
} from "@longwire/shared/api/requests.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import { processIdSchema } from "@longwire/shared/ids.ts";
import type { App } from "./app.ts";
import { act, order, readActing } from "./command.ts";
import { machineOf } from "./context.ts";
import { withMetrics } from "./present-metrics.ts";

export function addProcesses(app: App): void {
  app.get("/v1/machines/:machine/processes", async (c) => {
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    const query = parseQuery(c.req.url, processQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const { machine } = reached.value;
    const page = await machine.listProcesses(query.value);
    if (!query.value.metrics) return c.json(page);
    const answered = await machine.ask({ type: "sample", all_ports: false });
    return c.json({ ...page, items: page.items.map((process) => withMetrics(process, answered)) });
  });

  app.get("/v1/machines/:machine/processes/:process", async (c) => {
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    const query = parseQuery(c.req.url, metricsQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const { machine } = reached.value;
    const process = await machine.findProcess(c.req.param("process"));
    if (!process.ok) return problemResponse(process.refusal);
    if (!query.value.metrics) return c.json(process.value);
    return c.json(withMetrics(process.value, await machine.ask({ type: "sample", all_ports: false })));
  });

  app.get("/v1/machines/:machine/processes/:process/runs", async (c) => {
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    const query = parseQuery(c.req.url, runsQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const runs = await reached.value.machine.listRuns(c.req.param("process"), query.value);
    return runs.ok ? c.json(runs.value) : problemResponse(runs.refusal);
  });

  app.delete("/v1/machines/:machine/processes/:process", async (c) => {
    const acting = await readActing(c, emptyRequestSchema, "admin");
    if (!acting.ok) return problemResponse(acting.refusal);
    const found = await acting.value.machine.findProcess(c.req.param("process"));
    if (!found.ok) return problemResponse(found.refusal);
    const process = processIdSchema.parse(found.value.process_id);
    const forgotten = await order(acting.value, { op: "forget", process });
    return forgotten.ok ? c.body(null, 204) : problemResponse(forgotten.refusal);
  });

  app.post("/v1/machines/:machine/processes/:process/signal", async (c) => {
    const acting = await readActing(c, signalRequestSchema, "run");
    if (!acting.ok) return problemResponse(acting.refusal);
    const found = await acting.value.machine.findProcess(c.req.param("process"));
    if (!found.ok) return problemResponse(found.refusal);
    const process = processIdSchema.parse(found.value.process_id);
    const done = await act(acting.value, { op: "signal", process, ...acting.value.body });
    return done.ok ? c.json({ process: done.value.process }) : problemResponse(done.refusal);
  });
}
