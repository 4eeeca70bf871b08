// What the control plane sends a viewer of `longwire.viewer.v1`: events as binary frames, whose header is JSON and whose
// payload is the output's bytes as they are, and everything else as text. Coding text is left to the caller, and reading
// to `read-viewer-frame.ts`.
//
//   {"type":"events","subscription":1,"runs":[{"process_id":"p1","name":"web","run":1,"command":"npm run dev"}],
//    "events":[{"seq":7,"of":0,"type":"output","timestamp":"…","stream":"stdout","offset":0,"size":6}]}   payload: hello\n
//
// `of` is the place of the event's run in `runs`, so that a run is named once a frame; `size` says how many of the
// payload's bytes are the event's, in order.

import * as z from "zod";
import { machineMetricsSchema, metricsSchema, portSchema, type Event } from "./api/views.ts";
import { errorCodes } from "./errors.ts";
import { expiredFrameSchema } from "./expired-frame.ts";
import { maxDetailLength, maxFrameRecords, maxSampledTrees, maxSkippedRuns } from "./limits.ts";
import type { OutputSize } from "./present-event.ts";

export const viewerSubprotocol = "longwire.viewer.v1";

/** Chosen by the client; names a subscription for as long as its socket lives. */
export const subscriptionIdSchema = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
/** Chosen by the client; names one of its acts. */
export const actNumberSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const seqSchema = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);

export const controlFrameSchema = z.discriminatedUnion("type", [
  /** What follows under this id belongs to this subscription; events between `earliest` and `head` are there. */
  z.object({ type: z.literal("subscribed"), id: subscriptionIdSchema, head: seqSchema, earliest: seqSchema }),
  /** The subscription was not made. */
  z.object({
    type: z.literal("refused"),
    id: subscriptionIdSchema,
    code: z.enum(errorCodes),
    detail: z.string().max(maxDetailLength),
  }),
  /** Events the subscription misses are gone. */
  expiredFrameSchema.extend({ subscription: subscriptionIdSchema }),
  /** Output between these seqs was not sent, since the subscription wants the latest; of each run which. The rest of their events was, or comes. */
  z.object({
    type: z.literal("skipped"),
    subscription: subscriptionIdSchema,
    from_seq: seqSchema,
    to_seq: seqSchema,
    runs: z
      .array(z.object({ process_id: z.string(), run: z.number().int(), from_offset: seqSchema, to_offset: seqSchema }))
      .max(maxSkippedRuns),
  }),
  /** What became of the act of this number; without a `code` it was done. */
  z.object({
    type: z.literal("acted"),
    n: actNumberSchema,
    code: z.enum(errorCodes).optional(),
    detail: z.string().max(maxDetailLength).optional(),
    hint: z.string().max(maxDetailLength).optional(),
  }),
  /** How the machine and each live run's tree do, every two seconds while the viewer wants to know. */
  z.object({
    type: z.literal("metrics"),
    machine: machineMetricsSchema,
    processes: z
      .array(
        z.object({
          process_id: z.string(),
          run: z.number().int(),
          metrics: metricsSchema,
          ports: z.array(portSchema),
        }),
      )
      .max(maxSampledTrees),
  }),
  /** Whether the machine's runner is connected; sent on opening and whenever it comes or goes. */
  z.object({ type: z.literal("status"), online: z.boolean(), last_seen_at: z.string().nullable(), head: seqSchema }),
]);
export type ControlFrame = z.infer<typeof controlFrameSchema>;
export type SkippedFrame = Extract<ControlFrame, { type: "skipped" }>;
export type MetricsFrame = Extract<ControlFrame, { type: "metrics" }>;

/** The public event, with the size of its output in place of the text. */
export type SizedEvent = Omit<Event, "data" | "data_base64"> & Partial<OutputSize>;

/** An event as JSON in two pieces, between which a frame puts the place of its run; and its run as JSON, if it has one. */
export interface EventText {
  readonly head: string;
  readonly tail: string;
  readonly run: string | null;
  /** At most so many bytes in UTF-8, the run apart. */
  readonly bytes: number;
}

/** JSON holds no control characters, so what is not between these is a character of two or three bytes. */
const utf8Bound = (json: string): number => (/[^ -~]/.test(json) ? 3 * json.length : json.length);
const placeBytes = `,"of":${maxFrameRecords},`.length;

/** `event` with its `size` where it is output, as `presentEvent` makes it. */
export function textForFrame(event: SizedEvent): EventText {
  const { seq, process_id, name, run, command, ...rest } = event;
  const head = `{"seq":${seq},`;
  // What is no run's event keeps the process it may tell of.
  const tail = JSON.stringify(run === undefined ? { ...rest, process_id } : rest).slice(1);
  const bytes = head.length + placeBytes + utf8Bound(tail);
  return { head, tail, run: run === undefined ? null : JSON.stringify({ process_id, name, run, command }), bytes };
}

/** The header of a binary frame, made event by event. */
export class EventsHeader {
  readonly #begin: string;
  readonly #runs = new Map<string, number>();
  readonly #events: string[] = [];
  /** At most so many bytes by now, in UTF-8. */
  bytes: number;

  constructor(subscription: number) {
    this.#begin = `{"type":"events","subscription":${subscription},"runs":[`;
    this.bytes = this.#begin.length + `],"events":[]}`.length;
  }

  get isEmpty(): boolean {
    return this.#events.length === 0;
  }

  /** How many bytes at most `event` adds. */
  cost({ run, bytes }: EventText): number {
    return bytes + (run === null || this.#runs.has(run) ? 0 : utf8Bound(run) + 1);
  }

  add(event: EventText): void {
    const { head, tail, run } = event;
    this.bytes += this.cost(event);
    if (run !== null && !this.#runs.has(run)) this.#runs.set(run, this.#runs.size);
    this.#events.push(run === null ? head + tail : `${head}"of":${this.#runs.get(run)},${tail}`);
  }

  toString(): string {
    return `${this.#begin}${[...this.#runs.keys()].join(",")}],"events":[${this.#events.join(",")}]}`;
  }
}
