// A ticket for a socket, made for whoever could open that socket with a token.

import { ticketPrefix, ticketRequestSchema, type NewTicket } from "@longwire/shared/api/tickets.ts";
import { formatMachineId, fromHex } from "@longwire/shared/token.ts";
import { openWorkspace, reachMachine } from "../access/authorise.ts";
import { parseBody, readText } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import { makeToken } from "../workspace/new-token.ts";
import type { App } from "./app.ts";
import { callerOf } from "./context.ts";

export function addTickets(app: App): void {
  app.post("/v1/tickets", async (c) => {
    const caller = await callerOf(c, "read");
    if (!caller.ok) return problemResponse(caller.refusal);
    const text = await readText(c.req.raw);
    if (!text.ok) return problemResponse(text.refusal);
    const body = parseBody(c.req.raw, text.value, ticketRequestSchema);
    if (!body.ok) return problemResponse(body.refusal);
    let machine: string | null = null;
    if (body.value.machine !== undefined) {
      const reached = await reachMachine(c.env, caller.value, body.value.machine, c.req.raw);
      if (!reached.ok) return problemResponse(reached.refusal);
      machine = formatMachineId(fromHex(reached.value.id.toString()));
    }
    const { workspace, tokenId } = caller.value;
    const made = await makeToken(workspace);
    const ends = await openWorkspace(c.env, caller.value).createTicket(tokenId, made.hash, machine);
    if (!ends.ok) return problemResponse(ends.refusal);
    const answer: NewTicket = { ticket: ticketPrefix + made.text, expires_at: new Date(ends.value).toISOString() };
    return c.json(answer, 201);
  });
}
