// F5: a viewer's connection stays open and nothing passes. By the runtime's answers to its pings it knows that it is
// stale, and goes on by its cursor.

import { setTimeout as delay } from "node:timers/promises";
import WebSocket from "ws";
import type { Event } from "@longwire/shared/api/views.ts";
import { pingText, pongText } from "@longwire/shared/ping.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { compareViews } from "../support/against-ledgers.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { judgeTimes } from "./judge-times.ts";
import { Stage, useOne } from "./stage.ts";

const linesPerSecond = 200;
const pingEveryMs = 5000;
const staleAfterMs = 10_000;

export async function blackHoleViewer({ count: seconds }: FaultOptions): Promise<FaultReport> {
  return await Stage.use(async (stage) => {
    const proxy = await FaultProxy.open(Number(new URL(stage.server.url).port));
    return await useOne(proxy, async () => {
      const viewer = new WatchfulViewer(proxy.url, stage.server.token);
      try {
        await stage.startLines(seconds * linesPerSecond, seconds + 3);
        await waitUntil("the viewer sees output", () => viewer.events.some(({ type }) => type === "output"));
        proxy.faults = { blackHole: true };
        const startedAt = performance.now();
        await waitUntil("the viewer takes itself for stale", () => viewer.staleSince !== null, seconds * 1000);
        const staleMs = performance.now() - startedAt;
        await delay(Math.max(0, seconds * 1000 - staleMs));
        proxy.faults = {};
        const wrongs = await stage.compare();
        const stored = await stage.api.events();
        await waitUntil("the viewer has all", () => viewer.events.length >= stored.length, 60_000);
        wrongs.push(...compareViews(viewer.events, stored));
        return { wrongs, ...judgeTimes("stale", [staleMs], { most: 20_000 }) };
      } finally {
        viewer.close();
      }
    });
  });
}

/** Reads events, asks with pings whether anybody is there, and begins anew at its cursor where nobody is. */
class WatchfulViewer {
  readonly events: Event[] = [];
  staleSince: number | null = null;
  readonly #url: string;
  readonly #token: string;
  readonly #timer: NodeJS.Timeout;
  #heardAt = performance.now();
  #socket: WebSocket;

  constructor(url: string, token: string) {
    this.#url = url.replace(/^http/, "ws");
    this.#token = token;
    this.#socket = this.#open();
    this.#timer = setInterval(() => this.#look(), pingEveryMs);
  }

  #open(): WebSocket {
    const after = this.events.at(-1)?.seq ?? 0;
    const headers = { Authorization: `Bearer ${this.#token}` };
    const address = `${this.#url}/v1/machines/-/ws?after=${after}`;
    const socket = new WebSocket(address, "longwire.events.v1", { headers, perMessageDeflate: false });
    socket.on("error", () => undefined);
    socket.on("message", (data) => {
      if (socket !== this.#socket) return;
      this.#heardAt = performance.now();
      this.staleSince = null;
      const text = (data as Buffer).toString();
      if (text === pongText) return;
      const event = JSON.parse(text) as Event;
      this.events.push(event);
      if (event.seq % 64 === 0) socket.send(JSON.stringify({ ack: event.seq }));
    });
    return socket;
  }

  #look(): void {
    if (performance.now() - this.#heardAt < staleAfterMs) {
      if (this.#socket.readyState === WebSocket.OPEN) this.#socket.send(pingText);
      return;
    }
    this.staleSince ??= performance.now();
    this.#socket.terminate();
    this.#socket = this.#open();
    this.#heardAt = performance.now();
  }

  close(): void {
    clearInterval(this.#timer);
    this.#socket.terminate();
  }
}
