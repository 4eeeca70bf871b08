// Machines a token reaches.

import { emptyRequestSchema, metricsQuerySchema } from "@longwire/shared/api/requests.ts";
import { forgetCallers } from "../access/authenticate.ts";
import { parseBody, parseQuery, readText } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import { openMachine, openWorkspace } from "../access/authorise.ts";
import type { App } from "./app.ts";
import { callerOf, machineOf } from "./context.ts";
import { withMachineMetrics } from "./present-metrics.ts";

export function addMachines(app: App): void {
  app.get("/v1/machines", async (c) => {
    const caller = await callerOf(c, "read");
    if (!caller.ok) return problemResponse(caller.refusal);
    const views = caller.value.machines.map(async (machine) => {
      const opened = openMachine(c.env, machine);
      return opened.ok ? [await opened.value.view()] : [];
    });
    return c.json({ items: (await Promise.all(views)).flat(), next_cursor: null });
  });

  app.get("/v1/machines/:machine", async (c) => {
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    const query = parseQuery(c.req.url, metricsQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const { machine } = reached.value;
    const view = await machine.view();
    if (!query.value.metrics) return c.json(view);
    return c.json(withMachineMetrics(view, await machine.ask({ type: "sample", all_ports: true })));
  });

  app.delete("/v1/machines/:machine", async (c) => {
    const reached = await machineOf(c, "admin");
    if (!reached.ok) return problemResponse(reached.refusal);
    const text = await readText(c.req.raw);
    if (!text.ok) return problemResponse(text.refusal);
    const body = parseBody(c.req.raw, text.value, emptyRequestSchema);
    if (!body.ok) return problemResponse(body.refusal);
    const { caller, machine } = reached.value;
    const { machine_id: id } = await machine.view();
    const removed = await openWorkspace(c.env, caller).removeMachine(caller.tokenId, id);
    if (!removed.ok) return problemResponse(removed.refusal);
    forgetCallers((known) => known.workspace === caller.workspace);
    return c.body(null, 204);
  });
}
