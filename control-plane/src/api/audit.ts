// Who did what: the audit of a machine and that of the workspace, oldest first, with what it takes to verify them.

import { auditQuerySchema } from "@longwire/shared/api/audit-requests.ts";
import { openWorkspace } from "../access/authorise.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import type { App } from "./app.ts";
import { callerOf, machineOf } from "./context.ts";

export function addAudit(app: App): void {
  app.get("/v1/machines/:machine/audit", async (c) => {
    const reached = await machineOf(c, "admin");
    if (!reached.ok) return problemResponse(reached.refusal);
    const query = parseQuery(c.req.url, auditQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    return c.json(await reached.value.machine.readAudit(query.value), 200, { "Cache-Control": "no-store" });
  });

  app.get("/v1/audit", async (c) => {
    const caller = await callerOf(c, "admin");
    if (!caller.ok) return problemResponse(caller.refusal);
    const query = parseQuery(c.req.url, auditQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const page = await openWorkspace(c.env, caller.value).readAudit(caller.value.tokenId, query.value);
    return page.ok ? c.json(page.value, 200, { "Cache-Control": "no-store" }) : problemResponse(page.refusal);
  });
}
