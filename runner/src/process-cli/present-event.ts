// An event of the client as the API's JSON has it: its bytes as text, or as base 64.

import type { Event } from "@longwire/shared/api/views.ts";
import type { ClientEvent } from "@longwire/shared/client/follow-events.ts";

export function presentEvent({ payload, ...event }: ClientEvent): Event {
  if (payload === undefined || event.data !== undefined) return event;
  return { ...event, data_base64: Buffer.from(payload).toString("base64") };
}
