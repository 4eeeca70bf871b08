// A ticket for a socket, made for whoever could open that socket with a token.

import { ticketPrefix, ticketRequestSchema, type NewTicket } from "@longwire/shared/api/tickets.ts";
import { formatMachineId, fromHex } from "@longwire/shared/token.ts";
import { openWorkspace, reachMachine } from "../access/authorise.ts";
import { problemResponse } from "../access/problem.ts";
import { makeToken } from "../workspace/new-token.ts";
import type { App } from "./app.ts";
import { readAsked } from "./context.ts";

export function addTickets(app: App): void {
  app.post("/v1/tickets", async (c) => {
    const asked = await readAsked(c, ticketRequestSchema, "read");
    if (!asked.ok) return problemResponse(asked.refusal);
    const { caller, body } = asked.value;
    let machine: string | null = null;
    if (body.machine !== undefined) {
      const reached = await reachMachine(c.env, caller, body.machine, c.req.raw);
      if (!reached.ok) return problemResponse(reached.refusal);
      machine = formatMachineId(fromHex(reached.value.id.toString()));
    }
    const made = await makeToken(caller.workspace);
    const ends = await openWorkspace(c.env, caller).createTicket(caller.tokenId, made.hash, machine);
    if (!ends.ok) return problemResponse(ends.refusal);
    const answer: NewTicket = { ticket: ticketPrefix + made.text, expires_at: new Date(ends.value).toISOString() };
    return c.json(answer, 201);
  });
}
