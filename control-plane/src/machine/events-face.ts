// A viewer of `longwire.events.v1`: one subscription from its opening on, one JSON event a message, acknowledged by seq.

import * as z from "zod";
import { eventFilterSchema, type EventFilter } from "@longwire/shared/api/requests.ts";
import type { ExpiredFrame } from "@longwire/shared/expired-frame.ts";
import { viewerCreditBytes } from "@longwire/shared/limits.ts";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { beginViewing, noteAck, noteSent, viewerProgressSchema } from "@longwire/shared/viewer-progress.ts";
import type { Subscription } from "@longwire/shared/viewer-state.ts";
import type { StoredBatch } from "./stored-batch.ts";
import type { Answer, Reading, ViewerFace } from "./viewer-face.ts";

export const eventsStateSchema = z.object({
  type: z.literal("events"),
  filter: eventFilterSchema,
  progress: viewerProgressSchema,
});
type EventsState = z.infer<typeof eventsStateSchema>;

const ackSchema = z.object({ ack: z.number().int().min(0) });

export class EventsFace implements ViewerFace {
  readonly isWatching = true;
  readonly wantsStatus = false;
  readonly wantsMetrics = false;
  #state: EventsState;

  constructor(state: EventsState) {
    this.#state = state;
  }

  /** A viewer that has everything up to `after`. */
  static begin(after: number, filter: EventFilter): EventsFace {
    return new EventsFace({ type: "events", filter, progress: beginViewing(after) });
  }

  get state(): EventsState {
    return this.#state;
  }

  get inFlight(): number {
    return this.#state.progress.unacked;
  }

  get credit(): number {
    return viewerCreditBytes - this.inFlight;
  }

  cursor(): number {
    return this.#state.progress.cursor;
  }

  next(head: number): Subscription | null {
    const { filter, progress } = this.#state;
    return progress.cursor < head ? { id: 1, cursor: progress.cursor, filter } : null;
  }

  read({ filter }: Subscription, batch: StoredBatch, from: number, budget: number): Reading {
    const messages: string[] = [];
    let bytes = 0;
    let seq = from;
    for (; seq <= batch.lastSeq && bytes < budget; seq++) {
      const event = batch.textAt(seq, filter);
      if (event === null) continue;
      messages.push(event.text);
      bytes += event.bytes;
    }
    return { messages, bytes, seq: seq - 1 };
  }

  expired(_: Subscription, gone: ExpiredFrame): string {
    return JSON.stringify(gone);
  }

  settle(): readonly string[] {
    return [];
  }

  noteSent(_: Subscription, seq: number, bytes: number): void {
    this.#state = { ...this.#state, progress: noteSent(this.#state.progress, seq, bytes) };
  }

  charge(): void {
    // It is sent nothing but events.
  }

  hear(message: ArrayBuffer | string): Answer {
    const ack = ackSchema.safeParse(typeof message === "string" ? parseJson(message) : undefined);
    if (!ack.success) return { type: "wrong", reason: 'send {"ack": seq}, nothing else' };
    this.#state = { ...this.#state, progress: noteAck(this.#state.progress, ack.data.ack) };
    return { type: "answers", texts: [] };
  }
}
