// One socket to one machine for as long as the page shows it: whether it is online, how it and its runs do, and what
// happens there but its output. It is opened again for ever; what was missed meanwhile the store asks for anew.
//
//   connecting ──► open ──the socket ends──► lost ──back-off──► open
//                                └──4401──► the session has ended

import { signal } from "@preact/signals";
import { backoffMs } from "@longwire/shared/backoff.ts";
import { closeCodes } from "@longwire/shared/errors.ts";
import type { ViewerEvent } from "@longwire/shared/read-viewer-frame.ts";
import type { MetricsFrame } from "@longwire/shared/viewer-frame.ts";
import type { Caller } from "@longwire/shared/client/caller.ts";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { pause } from "@longwire/shared/client/pause.ts";
import { watchPage } from "@longwire/shared/client/platform.ts";
import { ViewerSocket } from "@longwire/shared/client/viewer-socket.ts";

export type Connection = "connecting" | "open" | "lost";

export interface FeedHandlers {
  /** The socket is open: what happened before is to be asked for. */
  readonly onOpen: () => void;
  readonly onStatus: (online: boolean, lastSeenAt: string | null) => void;
  readonly onEvent: (event: ViewerEvent) => void;
  readonly onMetrics: (frame: MetricsFrame) => void;
  readonly onEnded: () => void;
  /** It cannot be opened, and trying again does not mend that. */
  readonly onRefused: (error: LongwireError) => void;
}

/** All that changes how a list looks. A subscription takes one type, so each has its own; output has none here. */
const followed = ["state", "started", "ready", "exited", "approval", "forgotten", "limit"] as const;
const creditBytes = 512 * 1024;

export class MachineFeed {
  readonly connection = signal<Connection>("connecting");
  readonly #caller: Caller;
  readonly #handlers: FeedHandlers;
  readonly #closing = new AbortController();
  #hurry = new AbortController();

  constructor(caller: Caller, handlers: FeedHandlers) {
    this.#caller = caller;
    this.#handlers = handlers;
    // A network that is back is tried at once.
    window.addEventListener("online", () => this.#hurry.abort(), { signal: this.#closing.signal });
    void this.#run();
  }

  close(): void {
    this.#closing.abort();
  }

  async #run(): Promise<void> {
    const { signal: closing } = this.#closing;
    for (let failures = 0; !closing.aborted; failures++) {
      const socket = await this.#open();
      if (closing.aborted) return socket?.close();
      if (socket !== null) {
        failures = 0;
        await this.#serve(socket);
        if (closing.aborted) return;
        if (socket.ending?.code === closeCodes.unauthorized) return this.#handlers.onEnded();
      }
      this.connection.value = "lost";
      this.#hurry = new AbortController();
      await pause(backoffMs(failures, Math.random()), AbortSignal.any([closing, this.#hurry.signal])).catch(() => null);
    }
  }

  async #open(): Promise<ViewerSocket | null> {
    try {
      return await ViewerSocket.open(this.#caller, this.#closing.signal);
    } catch (error) {
      if (error instanceof LongwireError && !error.mayRetry && error.code !== "unauthorized") {
        this.#handlers.onRefused(error);
      }
      return null;
    }
  }

  async #serve(socket: ViewerSocket): Promise<void> {
    const { signal: closing } = this.#closing;
    const open = new AbortController();
    // A tab nobody sees asks for no attention, and for no figures.
    const tell = (watching: boolean): void => {
      socket.say({ type: "attention", watching });
      socket.say({ type: "metrics", wanted: watching });
    };
    try {
      watchPage(tell, open.signal);
      socket.say({ type: "credit", bytes: creditBytes });
      for (const [index, type] of followed.entries())
        socket.say({ type: "subscribe", id: index + 1, event_type: type });
      this.connection.value = "open";
      this.#handlers.onOpen();
      for (let message; (message = await socket.read(closing)) !== null;) {
        const { frame, bytes } = message;
        if (frame?.type === "events") for (const event of frame.events) this.#handlers.onEvent(event);
        else if (frame?.type === "status") this.#handlers.onStatus(frame.online, frame.last_seen_at);
        else if (frame?.type === "metrics") this.#handlers.onMetrics(frame);
        socket.say({ type: "credit", bytes });
      }
    } catch {
      // Closed by this page.
    } finally {
      open.abort();
      socket.close();
    }
  }
}
