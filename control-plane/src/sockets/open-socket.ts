// A WebSocket to a machine's object, for a route that hands it on or for a wait in the Worker.

import type { ErrorCode } from "@longwire/shared/errors.ts";
import { errorCodes } from "@longwire/shared/errors.ts";
import type { Machine } from "../machine/machine.ts";
import { problemResponse } from "../access/problem.ts";
import type { Holder } from "./holder.ts";

export const eventsSubprotocol = "longwire.events.v1";

/** The object's answer: 101 with the socket, or a refusal as a problem. */
export async function openSocket(
  machine: DurableObjectStub<Machine>,
  path: "link" | "events" | "viewer",
  protocol: string,
  holder: Holder,
  query: Readonly<Record<string, string | number | undefined>>,
): Promise<Response> {
  const url = new URL(`http://machine/${path}`);
  url.searchParams.set("protocol", protocol);
  url.searchParams.set("holder", JSON.stringify(holder));
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(key, String(value));
  }
  const response = await machine.fetch(url.href, { headers: { Upgrade: "websocket" } });
  if (response.status === 101) return response;
  const refusal = await response.json<{ code: ErrorCode; detail: string }>();
  return problemResponse({ ...refusal, code: errorCodes.includes(refusal.code) ? refusal.code : "internal" });
}
