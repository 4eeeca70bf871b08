// Follows a machine's events over sockets, one after the other, each from where the last one ended.

import type { Event } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { EventSocket } from "./event-socket.ts";

const waitMs = 120_000;

export class ResumingViewer {
  readonly #server: { readonly url: string; readonly token: string };
  readonly #events: Event[] = [];
  #socket: EventSocket | null = null;
  #isClosed = false;
  /** How often it had to go on by its cursor. */
  resumed = -1;

  constructor(server: { readonly url: string; readonly token: string }) {
    this.#server = server;
    void this.#follow();
  }

  async #follow(): Promise<void> {
    while (!this.#isClosed) {
      const after = this.#events.at(-1)?.seq ?? 0;
      const socket = await EventSocket.open(this.#server, `?after=${after}`).catch(() => null);
      this.#socket = socket;
      if (socket === null) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        continue;
      }
      this.resumed++;
      await waitUntil("the socket ends", () => socket.closed !== null || this.#isClosed, Infinity);
      if (this.#isClosed) return;
      this.#events.push(...socket.events);
      this.#socket = null;
    }
  }

  /** All it got so far, in the order it came. */
  get events(): readonly Event[] {
    return [...this.#events, ...(this.#socket?.events ?? [])];
  }

  async catchUp(count: number): Promise<void> {
    await waitUntil("the viewer has all", () => this.events.length >= count, waitMs);
  }

  close(): void {
    this.#isClosed = true;
    this.#socket?.close();
  }
}
