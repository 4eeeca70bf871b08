// Tickets: what a page opens a socket with, since a browser sends no `Authorization` header with one.

import * as z from "zod";
import { maxNameLength } from "../limits.ts";

/** In front of a ticket among the subprotocols a socket is asked for with. */
export const ticketPrefix = "ticket.";

export const ticketRequestSchema = z
  .strictObject({
    machine: z
      .string()
      .min(1)
      .max(maxNameLength)
      .optional()
      .meta({ description: "The only machine it is for, by id or name; absent: each one the token reaches." }),
  })
  .meta({ id: "TicketRequest" });

export const newTicketSchema = z
  .object({
    ticket: z.string().meta({ description: "The subprotocol to ask for, beside the one to speak." }),
    expires_at: z.string(),
  })
  .meta({ id: "NewTicket" });
export type NewTicket = z.infer<typeof newTicketSchema>;
