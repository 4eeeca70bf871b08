// A socket that the Worker asks the machine's object to take: the runner's, or a viewer's where there is room for one.

import type { Log } from "./log.ts";
import { BinaryFace } from "./binary-face.ts";
import { EventsFace } from "./events-face.ts";
import type { MachineAudit } from "./machine-audit.ts";
import type { Opening } from "./opening.ts";
import { aheadOf } from "./read-events.ts";
import type { RunnerLink } from "./runner-link.ts";
import type { TokenSockets } from "./token-sockets.ts";
import type { Viewers } from "./viewers.ts";

export interface SocketParts {
  readonly log: Log;
  readonly link: RunnerLink;
  readonly viewers: Viewers;
  readonly audit: MachineAudit;
  readonly tokenSockets: TokenSockets;
}

/** The answer where it is refused; null where it is taken. */
export function takeSocket(parts: SocketParts, server: WebSocket, opening: Opening, now: number): Response | null {
  const { kind, holder, actor, filter } = opening;
  const { head } = parts.log;
  if (parts.tokenSockets.hasEnded(holder, now)) {
    return Response.json({ code: "unauthorized", detail: "This token is not valid any more." }, { status: 401 });
  }
  if (kind === "link") return parts.link.add(server, holder, now);
  const { after = head } = opening;
  if (after > head) return Response.json(aheadOf(after, head), { status: 422 });
  if (!parts.viewers.hasRoom) {
    const detail = "This machine has as many viewers as it can serve.";
    return Response.json({ code: "limit_reached", detail }, { status: 409 });
  }
  const face = kind === "viewer" ? new BinaryFace() : EventsFace.begin(after, filter);
  parts.viewers.add(server, face, holder, actor);
  if (actor !== null) parts.audit.connectedViewer(actor, face.state.type, now);
  return null;
}
