// A viewer of `longwire.events.v1`: collects events, acknowledges them, and can wait for one.

import WebSocket from "ws";
import type { Event } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";

const ackEvery = 64;

export class EventSocket {
  readonly events: Event[] = [];
  readonly #socket: WebSocket;
  closed: { readonly code: number; readonly reason: string } | null = null;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data, isBinary) => {
      if (isBinary) throw new Error("the event socket carries text");
      const event = JSON.parse((data as Buffer).toString()) as Event;
      this.events.push(event);
      if (this.events.length % ackEvery === 0) socket.send(JSON.stringify({ ack: event.seq }));
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    socket.on("error", () => undefined);
  }

  static async open(server: { readonly url: string; readonly token: string }, query = ""): Promise<EventSocket> {
    const url = `${server.url.replace(/^http/, "ws")}/v1/machines/-/ws${query}`;
    const headers = { Authorization: `Bearer ${server.token}` };
    const socket = new WebSocket(url, "longwire.events.v1", { headers, perMessageDeflate: false });
    const viewer = new EventSocket(socket);
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

  close(): void {
    this.#socket.terminate();
  }
}
