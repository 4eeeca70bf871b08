// WebSocket routes. The upgrade is answered by the machine's object; what it answers is handed on untouched.

import { linkSubprotocol } from "@longwire/shared/wire/link.ts";
import { socketQuerySchema } from "@longwire/shared/api/requests.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import { callerOf, machineOf, type Call } from "../api/context.ts";
import { openMachine } from "../access/authorise.ts";
import type { App } from "../api/app.ts";
import { eventsSubprotocol, openSocket } from "./open-socket.ts";

export function addSockets(app: App): void {
  app.get("/v1/link", async (c) => {
    const caller = await callerOf(c, "link");
    if (!caller.ok) return problemResponse(caller.refusal);
    const wrong = needSubprotocol(c, linkSubprotocol);
    if (wrong !== null) return wrong;
    const [machine] = caller.value.machines;
    if (machine === undefined) return problemResponse({ code: "not_found", detail: "This machine is gone." });
    const opened = openMachine(c.env, machine);
    if (!opened.ok) return problemResponse(opened.refusal);
    return await openSocket(opened.value, "link", linkSubprotocol, {});
  });

  app.get("/v1/machines/:machine/ws", async (c) => {
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    const query = parseQuery(c.req.url, socketQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const wrong = needSubprotocol(c, eventsSubprotocol);
    if (wrong !== null) return wrong;
    return await openSocket(reached.value.machine, "events", eventsSubprotocol, query.value);
  });
}

function needSubprotocol(c: Call, subprotocol: string): Response | null {
  const offered = (c.req.header("Sec-WebSocket-Protocol") ?? "").split(",").map((one) => one.trim());
  const isUpgrade = c.req.header("Upgrade")?.toLowerCase() === "websocket";
  if (isUpgrade && offered.includes(subprotocol)) return null;
  return problemResponse({
    code: "upgrade_required",
    detail: `Open ${c.req.path} as a WebSocket with the subprotocol ${subprotocol}.`,
  });
}
