// Machines a token reaches.

import type { Refusal } from "@longwire/shared/errors.ts";
import {
  emptyRequestSchema,
  machinesQuerySchema,
  metricsQuerySchema,
  type MachinesQuery,
} from "@longwire/shared/api/requests.ts";
import { forgetCallers } from "../access/authenticate.ts";
import { parseQuery, readBody } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import { openMachine, openWorkspace } from "../access/authorise.ts";
import type { MachineEntry } from "../workspace/grant.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { App } from "./app.ts";
import { callerOf, machineOf } from "./context.ts";
import { withMachineMetrics } from "./present-metrics.ts";

export function addMachines(app: App): void {
  app.get("/v1/machines", async (c) => {
    const caller = await callerOf(c, "read");
    if (!caller.ok) return problemResponse(caller.refusal);
    const query = parseQuery(c.req.url, machinesQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const listed = pageMachines(caller.value.machines, query.value);
    if (!listed.ok) return problemResponse(listed.refusal);
    const { page, next } = listed.value;
    const views = page.map(async (machine) => {
      const opened = openMachine(c.env, machine);
      return opened.ok ? [await opened.value.view()] : [];
    });
    return c.json({ items: (await Promise.all(views)).flat(), next_cursor: next });
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
    const read = await readBody(c.req.raw, emptyRequestSchema);
    if (!read.ok) return problemResponse(read.refusal);
    if (c.req.param("machine") === "-") return problemResponse(unnamed);
    const { caller, machine } = reached.value;
    const { machine_id: id } = await machine.view();
    const removed = await openWorkspace(c.env, caller).removeMachine(caller.tokenId, id);
    if (!removed.ok) return problemResponse(removed.refusal);
    forgetCallers((known) => known.workspace === caller.workspace);
    return c.body(null, 204);
  });
}

/** What cannot be undone is not done to a machine nobody named. */
const unnamed: Refusal = {
  code: "invalid_request",
  detail: "A machine is removed by its id or its name.",
  hint: "GET /v1/machines lists them.",
  errors: [{ path: "machine", message: "must name the machine" }],
};

/** One page, in the order in which the machines joined; the cursor is the last one's id. */
function pageMachines(
  machines: readonly MachineEntry[],
  { limit, cursor }: MachinesQuery,
): Result<{ readonly page: readonly MachineEntry[]; readonly next: string | null }> {
  const before = machines.findIndex(({ id }) => id === cursor);
  if (cursor !== undefined && before === -1) return refuse(noSuchCursor);
  const page = machines.slice(before + 1, before + 1 + limit);
  const isLast = before + 1 + limit >= machines.length;
  return succeed({ page, next: isLast ? null : (page.at(-1)?.id ?? null) });
}

const noSuchCursor: Refusal = {
  code: "invalid_request",
  detail: "`cursor` is that of no page: its machine is gone.",
  hint: "Begin without one.",
  errors: [{ path: "cursor", message: "must be a `next_cursor`" }],
};
