// A viewer of `longwire.events.v1`: collects events or hands them on, acknowledges them, and can wait for one.

import WebSocket from "ws";
import type { Event } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";

/** So many events, or so much of them, is acknowledged together. */
const ackEvents = 64;
const ackBytes = 256 * 1024;

export class EventSocket {
  readonly events: Event[] = [];
  readonly #socket: WebSocket;
  closed: { readonly code: number; readonly reason: string } | null = null;

  private constructor(socket: WebSocket, take: ((event: Event) => void) | undefined) {
    this.#socket = socket;
    let taken = 0;
    let takenBytes = 0;
    socket.on("message", (data, isBinary) => {
      if (isBinary) throw new Error("the event socket carries text");
      const text = (data as Buffer).toString();
      const event = JSON.parse(text) as Event;
      if (take === undefined) this.events.push(event);
      else take(event);
      // What is said beside the events has no seq.
      if (event.seq === undefined) return;
      taken++;
      takenBytes += text.length;
      if (taken < ackEvents && takenBytes < ackBytes) return;
      socket.send(JSON.stringify({ ack: event.seq }));
      taken = takenBytes = 0;
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    socket.on("error", () => undefined);
  }

  /** `take`: gets each event, which is then not kept. */
  static async open(
    server: { readonly url: string; readonly token: string },
    query = "",
    take?: (event: Event) => void,
  ): Promise<EventSocket> {
    const url = `${server.url.replace(/^http/, "ws")}/v1/machines/-/ws${query}`;
    const headers = { Authorization: `Bearer ${server.token}` };
    const socket = new WebSocket(url, "longwire.events.v1", { headers, perMessageDeflate: false });
    const viewer = new EventSocket(socket, take);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    return viewer;
  }

  /** The first event for which `wanted` holds, come or to come. */
  async find(reason: string, wanted: (event: Event) => boolean, timeoutMs?: number): Promise<Event> {
    return await waitUntil(reason, () => this.events.find(wanted), timeoutMs);
  }

  /** Whether the other end said that it closes. The runtime may leave the connection itself open for a while then. */
  get isToldToClose(): boolean {
    return this.#socket.readyState >= WebSocket.CLOSING;
  }

  close(): void {
    this.#socket.terminate();
  }
}
