// Who is calling, by a ticket among the subprotocols of an upgrade. It is used up by the asking, whatever comes of it.

import { ticketPrefix } from "@longwire/shared/api/tickets.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { readTokenWorkspace } from "@longwire/shared/token.ts";
import type { Env } from "../env.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { Caller } from "./authenticate.ts";
import { sha256Hex } from "./digest.ts";
import { findWorkspace } from "./find-workspace.ts";
import { limitGuess, limitStranger } from "./rate-limits.ts";

const unauthorized: Refusal = {
  code: "unauthorized",
  detail: "The ticket is not valid: it opens one socket, within 30 s.",
  hint: "Get a new one with POST /v1/tickets for each socket.",
};

/** The ticket an upgrade comes with; null where it comes with none. */
export function findTicket(request: Request): string | null {
  if (request.headers.get("Upgrade")?.toLowerCase() !== "websocket") return null;
  const offered = (request.headers.get("Sec-WebSocket-Protocol") ?? "").split(",").map((one) => one.trim());
  return offered.find((one) => one.startsWith(ticketPrefix))?.slice(ticketPrefix.length) ?? null;
}

/** Counted like a token that is not known: whoever guesses tickets meets the same limit. */
export async function useTicket(env: Env, request: Request, ticket: string): Promise<Result<Caller>> {
  const workspaceId = readTokenWorkspace(ticket);
  if (workspaceId === null) return refuse((await limitStranger(env, request)) ?? unauthorized);
  const limited = await limitGuess(env, request);
  if (limited !== null) return refuse(limited);
  const tokenHash = await sha256Hex(ticket);
  const grant = (await findWorkspace(env, workspaceId)?.useTicket(tokenHash)) ?? null;
  return grant === null ? refuse(unauthorized) : succeed({ ...grant, tokenHash });
}
