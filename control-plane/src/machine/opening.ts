// What the Worker asks of the machine's object where it opens a socket: of which kind, in whose name, and for viewers of
// events from where on.

import type { EventFilter } from "@longwire/shared/api/requests.ts";
import { actorSchema, type Actor } from "@longwire/shared/audit/entry.ts";
import { readHolder, type Holder } from "../sockets/holder.ts";

export interface Opening {
  readonly kind: "link" | "events" | "viewer";
  /** The subprotocol to answer with. */
  readonly protocol: string;
  readonly holder: Holder;
  /** Whose connection it is; null where the Worker itself reads on somebody's behalf. */
  readonly actor: Actor | null;
  /** Undefined: live only. */
  readonly after: number | undefined;
  readonly filter: EventFilter;
}

/** Throws where it is not as the Worker words it. */
export function readOpening(address: string): Opening {
  const { pathname, searchParams } = new URL(address);
  const get = (name: string): string | undefined => searchParams.get(name) ?? undefined;
  const actor = get("actor");
  const after = get("after");
  return {
    kind: pathname === "/link" ? "link" : pathname === "/viewer" ? "viewer" : "events",
    protocol: get("protocol") ?? "",
    holder: readHolder(searchParams.get("holder")),
    actor: actor === undefined ? null : actorSchema.parse(JSON.parse(actor)),
    after: after === undefined ? undefined : Number(after),
    filter: { process: get("process"), tag: get("tag"), type: get("type") },
  };
}
