// Takes the events of one run as a reader gets them, and keeps only what they add up to: how many bytes, which, and
// whether one followed the other.

import { createHash } from "node:crypto";
import type { Event } from "@longwire/shared/api/views.ts";
import { type Api, bytesOf, type EventsPage } from "../support/api.ts";

export class OutputDigest {
  readonly #hash = createHash("sha256");
  readonly #processId: string;
  bytes = 0;
  /** The first thing that did not follow, in words. */
  fault: string | null = null;
  /** The run's last event; null before it. */
  end: Event | null = null;

  constructor(processId: string) {
    this.#processId = processId;
  }

  add(event: Event): void {
    if (event.process_id !== this.#processId) return;
    if (this.end !== null) this.fault ??= `${event.type} after the end`;
    if (event.type === "exited") this.end = event;
    if (event.type === "gap") this.fault ??= `a gap at ${event.from_offset}: ${event.reason}`;
    if (event.type !== "output") return;
    if (event.offset !== this.bytes) this.fault ??= `offset ${event.offset} where ${this.bytes} follows`;
    const bytes = bytesOf(event);
    this.#hash.update(bytes);
    this.bytes += bytes.byteLength;
  }

  get sha256(): string {
    return this.#hash.copy().digest("hex");
  }
}

/** Reads what a process printed page by page, from `after` to the log's end. */
export async function digestPages(api: Api, processId: string, after: number): Promise<OutputDigest> {
  const digest = new OutputDigest(processId);
  for (;;) {
    const { status, body } = await api.call<EventsPage>("GET", `/events?process=${processId}&after=${after}`);
    if (status !== 200) throw new Error(`events: ${status} ${JSON.stringify(body)}`);
    for (const event of body.events) digest.add(event);
    after = body.next_after;
    if (after >= body.head) return digest;
  }
}
