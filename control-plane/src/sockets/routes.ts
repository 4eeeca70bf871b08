// WebSocket routes. The upgrade is answered by the machine's object; what it answers is handed on untouched.

import * as z from "zod";
import { viewerSubprotocol } from "@longwire/shared/viewer-frame.ts";
import { linkSubprotocol } from "@longwire/shared/wire/link.ts";
import { socketQuerySchema } from "@longwire/shared/api/requests.ts";
import { actorOf } from "../access/actor.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import { callerOf, viewedMachineOf, type Call } from "../api/context.ts";
import { openMachine } from "../access/authorise.ts";
import type { App } from "../api/app.ts";
import { holderOf } from "./holder.ts";
import { eventsSubprotocol, openSocket } from "./open-socket.ts";

export function addSockets(app: App): void {
  app.get("/v1/link", async (c) => {
    const caller = await callerOf(c, "link");
    if (!caller.ok) return problemResponse(caller.refusal);
    if (findSubprotocol(c, [linkSubprotocol]) === null) return upgradeNeeded(c, linkSubprotocol);
    const [machine] = caller.value.machines;
    if (machine === undefined) return problemResponse({ code: "not_found", detail: "This machine is gone." });
    const opened = openMachine(c.env, machine);
    if (!opened.ok) return problemResponse(opened.refusal);
    return await openSocket(opened.value, "link", linkSubprotocol, holderOf(caller.value), {});
  });

  app.get("/v1/machines/:machine/ws", async (c) => {
    const reached = await viewedMachineOf(c);
    if (!reached.ok) return problemResponse(reached.refusal);
    const protocol = findSubprotocol(c, [eventsSubprotocol, viewerSubprotocol]);
    if (protocol === null) return upgradeNeeded(c, `${viewerSubprotocol} or ${eventsSubprotocol}`);
    const isBinary = protocol === viewerSubprotocol;
    const query = parseQuery(c.req.url, isBinary ? z.strictObject({}) : socketQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const { machine, caller } = reached.value;
    const asked = { ...query.value, actor: JSON.stringify(actorOf(caller)) };
    return await openSocket(machine, isBinary ? "viewer" : "events", protocol, holderOf(caller), asked);
  });
}

/** The first one the client offers of those spoken here; null where it offers none, or asks for no socket. */
function findSubprotocol(c: Call, spoken: readonly string[]): string | null {
  if (c.req.header("Upgrade")?.toLowerCase() !== "websocket") return null;
  const offered = (c.req.header("Sec-WebSocket-Protocol") ?? "").split(",").map((one) => one.trim());
  return offered.find((one) => spoken.includes(one)) ?? null;
}

function upgradeNeeded(c: Call, subprotocols: string): Response {
  return problemResponse({
    code: "upgrade_required",
    detail: `Open ${c.req.path} as a WebSocket with the subprotocol ${subprotocols}.`,
  });
}
