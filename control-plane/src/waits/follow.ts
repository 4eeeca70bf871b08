// A viewer held by the Worker: events of a machine over a socket to its object, which may sleep meanwhile. What the
// reader took is acknowledged, so that the object sends no more than is drained here.

import type { EventFilter } from "@longwire/shared/api/requests.ts";
import { readExpired } from "@longwire/shared/expired-frame.ts";
import { closeCodes } from "@longwire/shared/errors.ts";
import type { Standing } from "../access/standing.ts";
import type { Machine } from "../machine/machine.ts";
import { eventsSubprotocol, openSocket } from "../sockets/open-socket.ts";

/** An event as JSON text; or, where events are gone, the frame that says so, with the last seq that is. */
export interface Followed {
  readonly type: "event" | "expired";
  readonly seq: number;
  readonly text: string;
}

export interface Following {
  readonly machine: DurableObjectStub<Machine>;
  readonly standing: Standing;
  /** Absent: live only. */
  readonly after: number | undefined;
  readonly filter: EventFilter;
  readonly signal: AbortSignal;
}

/** How many bytes of events are taken before they are acknowledged. */
const ackBytes = 256 * 1024;

export interface Viewer {
  readonly ok: true;
  /** Ends when the socket closes or the signal aborts. */
  readonly events: AsyncGenerator<Followed, void, void>;
}

/** Opens the viewer; a refusal of the object comes back as the response to give. */
export async function follow(
  following: Following,
): Promise<Viewer | { readonly ok: false; readonly response: Response }> {
  const query = { ...following.filter, after: following.after };
  const response = await openSocket(following.machine, "events", eventsSubprotocol, following.standing.holder, query);
  const socket = response.webSocket;
  if (socket === null) return { ok: false, response };
  return { ok: true, events: readSocket(socket, following.signal) };
}

async function* readSocket(socket: WebSocket, signal: AbortSignal): AsyncGenerator<Followed, void, void> {
  const queue: string[] = [];
  let closed = false;
  let wake: () => void = () => undefined;
  const onMessage = (event: MessageEvent): void => {
    if (typeof event.data === "string") queue.push(event.data);
    wake();
  };
  const onClose = (event: Event): void => {
    closed = true;
    // What came for a token that has ended is not handed on.
    if (event instanceof CloseEvent && event.code === closeCodes.unauthorized) queue.length = 0;
    wake();
  };
  const onAbort = (): void => wake();
  socket.addEventListener("message", onMessage);
  socket.addEventListener("close", onClose);
  socket.addEventListener("error", onClose);
  signal.addEventListener("abort", onAbort);
  socket.accept();
  let unacked = 0;
  try {
    while (!signal.aborted) {
      const text = queue.shift();
      if (text === undefined) {
        if (closed) return;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const expired = readExpired(text);
      // The object writes `seq` first in every event.
      const seq = expired?.to_seq ?? Number.parseInt(text.slice('{"seq":'.length), 10);
      yield { type: expired === null ? "event" : "expired", seq, text };
      unacked += text.length;
      if (unacked >= ackBytes && !closed) {
        socket.send(JSON.stringify({ ack: seq }));
        unacked = 0;
      }
    }
  } finally {
    signal.removeEventListener("abort", onAbort);
    if (!closed) socket.close(1000, "done");
  }
}
