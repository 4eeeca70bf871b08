// Reads what the control plane sends a viewer of `longwire.viewer.v1`; `viewer-frame.ts` has the shapes. Output is read by
// hand, as its schema would: a frame of one line comes for each print, and the schema would take longer over it than the
// line took from the other end.

import * as z from "zod";
import { eventSchema, type Event } from "./api/views.ts";
import { splitFrame } from "./frame.ts";
import { maxFrameBytes, maxFrameRecords, maxRecordPayloadBytes } from "./limits.ts";
import { parseJson } from "./parse-json.ts";
import { hasFields, isWhole, readAll } from "./read-by-hand.ts";
import { type ControlFrame, controlFrameSchema } from "./viewer-frame.ts";
import { outputStreams } from "./wire/facts.ts";

/** An event as its reader gets it: the public event, whose output is its bytes in `payload` in place of text. */
export type ViewerEvent = Omit<Event, "data" | "data_base64"> & { readonly payload?: Uint8Array };

export interface EventsFrame {
  readonly type: "events";
  readonly subscription: number;
  readonly events: readonly ViewerEvent[];
}
export type ViewerFrame = EventsFrame | ControlFrame;

const runSchema = eventSchema.pick({ process_id: true, name: true, run: true, command: true });
const framedEventSchema = eventSchema.omit({ data: true, data_base64: true }).extend({
  of: z.number().int().min(0).max(maxFrameRecords).optional(),
  size: z.number().int().min(0).max(maxRecordPayloadBytes).optional(),
});
type FramedEvent = z.infer<typeof framedEventSchema>;
type FramedRun = z.infer<typeof runSchema>;

interface EventsHeader {
  readonly subscription: number;
  readonly runs: readonly FramedRun[];
  readonly events: readonly FramedEvent[];
}

/**
 * A message as its reader takes it; `toText` decodes UTF-8. The payloads of events are views into `message`. Null where the
 * message is malformed, too large, or of a kind this reader does not know, which it may pass over.
 */
export function readViewerFrame(
  message: string | Uint8Array,
  toText: (utf8: Uint8Array) => string,
): ViewerFrame | null {
  if (typeof message === "string") return controlFrameSchema.safeParse(parseJson(message)).data ?? null;
  if (message.byteLength > maxFrameBytes) return null;
  const parts = splitFrame(message);
  const header = parts === null ? null : readEventsHeader(parseJson(toText(parts.header)));
  if (parts === null || header === null) return null;
  let at = 0;
  const events: ViewerEvent[] = [];
  for (const { of, size, ...event } of header.events) {
    const run = of === undefined ? {} : header.runs[of];
    if (run === undefined) return null;
    const end = at + (size ?? 0);
    events.push({ ...event, ...run, ...(size === undefined ? {} : { payload: parts.payload.subarray(at, end) }) });
    at = end;
  }
  return at === parts.payload.byteLength ? { type: "events", subscription: header.subscription, events } : null;
}

function readEventsHeader(value: unknown): EventsHeader | null {
  if (!hasFields(value) || value["type"] !== "events" || !isWhole(value["subscription"], 1)) return null;
  const runs = readAll(value["runs"], 0, maxFrameRecords, readRun);
  const events = runs === null ? null : readAll(value["events"], 0, maxFrameRecords, readEvent);
  return runs === null || events === null ? null : { subscription: value["subscription"], runs, events };
}

function readRun(value: unknown): FramedRun | null {
  if (!hasFields(value)) return null;
  const { process_id, name, run, command } = value;
  if (typeof process_id !== "string" || !isWhole(run, 1) || typeof command !== "string") {
    return runSchema.safeParse(value).data ?? null;
  }
  if (name === undefined) return { process_id, run, command };
  return typeof name === "string" ? { process_id, name, run, command } : null;
}

function readEvent(value: unknown): FramedEvent | null {
  return readOutput(value) ?? framedEventSchema.safeParse(value).data ?? null;
}

/** An output as it is always framed; null for any other event, and for whatever is unusual about one. */
function readOutput(value: unknown): FramedEvent | null {
  if (!hasFields(value) || value["type"] !== "output") return null;
  const { seq, of, timestamp, stream, offset, size, ...others } = value;
  const from = outputStreams.find((one) => one === stream);
  return Object.keys(others).length === 1 &&
    isWhole(seq, 1) &&
    isWhole(of, 0, maxFrameRecords) &&
    typeof timestamp === "string" &&
    from !== undefined &&
    isWhole(offset, 0) &&
    isWhole(size, 0, maxRecordPayloadBytes)
    ? { seq, of, type: "output", timestamp, stream: from, offset, size }
    : null;
}
