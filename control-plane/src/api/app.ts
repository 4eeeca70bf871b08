// All routes of the control plane, behind what every request passes first.

import { Hono } from "hono";
import { checkHosts } from "../access/hosts.ts";
import { checkOrigin } from "../access/origin.ts";
import { exceptionResponse, problemResponse } from "../access/problem.ts";
import { checkBounds } from "../access/request-bounds.ts";
import { guardResponse } from "../access/response-headers.ts";
import type { Env } from "../env.ts";
import { addMcp } from "../mcp/routes.ts";
import { buildServer, type BuildServer } from "../mcp/server.ts";
import { addSockets } from "../sockets/routes.ts";
import { addActs } from "./acts.ts";
import { addApprovals } from "./approvals.ts";
import { addAudit } from "./audit.ts";
import { callerOf } from "./context.ts";
import { addDashboard } from "./dashboard.ts";
import { addDocuments } from "./documents.ts";
import { addEnroll } from "./enroll.ts";
import { addEvents } from "./events.ts";
import { addInvites } from "./invites.ts";
import { addMachines } from "./machines.ts";
import { addOutputs } from "./outputs.ts";
import { addProcesses } from "./processes.ts";
import { addSecurityTxt } from "./security-txt.ts";
import { addSearches } from "./searches.ts";
import { addSessions } from "./sessions.ts";
import { addStarts } from "./starts.ts";
import { addStops } from "./stops.ts";
import { addTickets } from "./tickets.ts";
import { addTokens } from "./tokens.ts";
import { addWaits } from "./waits.ts";
import { addWebhooks } from "./webhooks.ts";

export type App = Hono<{ Bindings: Env }>;

/** `mcp`: another server behind `/mcp`, as a check of what stands in front of it has one. */
export function createApp({ mcp = buildServer }: { readonly mcp?: BuildServer } = {}): App {
  const app: App = new Hono();
  app.onError((error) => exceptionResponse(error));
  app.use(async (c, next) => {
    const request = c.req.raw;
    const refusal = checkBounds(request) ?? checkHosts(request, c.env.ALLOWED_HOSTS) ?? checkOrigin(request);
    if (refusal === null) await next();
    else c.res = problemResponse(refusal);
    guardResponse(c.res, request.url);
  });
  addSockets(app);
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  addDashboard(app);
  addDocuments(app);
  addSecurityTxt(app);
  addEnroll(app);
  addMachines(app);
  addProcesses(app);
  addStarts(app);
  addStops(app);
  addActs(app);
  addApprovals(app);
  addWaits(app);
  addEvents(app);
  addOutputs(app);
  addSearches(app);
  addMcp(app, mcp);
  addTokens(app);
  addTickets(app);
  addInvites(app);
  addSessions(app);
  addAudit(app);
  addWebhooks(app);
  app.all("/v1/*", async (c) => {
    const caller = await callerOf(c, "read");
    if (!caller.ok && caller.refusal.code !== "insufficient_scope") return problemResponse(caller.refusal);
    return problemResponse({ code: "not_found", detail: `No route ${c.req.method} ${c.req.path}.` });
  });
  app.notFound((c) => problemResponse({ code: "not_found", detail: `No route ${c.req.method} ${c.req.path}.` }));
  return app;
}
