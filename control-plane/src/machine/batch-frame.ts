// A batch's events as one binary frame of `longwire.viewer.v1`.

import { framePrefixBytes, joinFrame } from "@longwire/shared/frame.ts";
import { maxFrameBytes } from "@longwire/shared/limits.ts";
import type { SkippedOutput } from "@longwire/shared/skipped-output.ts";
import { EventsHeader } from "@longwire/shared/viewer-frame.ts";
import type { Subscription } from "@longwire/shared/viewer-state.ts";
import type { StoredBatch } from "./stored-batch.ts";

export interface BatchFrame {
  /** Null where nothing was wanted. */
  readonly frame: Uint8Array<ArrayBuffer> | null;
  /** The last seq looked at. */
  readonly seq: number;
  /** Whether it ends for another reason than its budget. */
  readonly isFull: boolean;
}

const encoder = new TextEncoder();

/** The events from `from` on that the subscription wants and that are not skipped, up to one beyond `budget` bytes, at most a frame. */
export function frameBatch(
  batch: StoredBatch,
  from: number,
  { id, filter }: Subscription,
  budget: number,
  skipped?: SkippedOutput,
): BatchFrame {
  const header = new EventsHeader(id);
  const payload: Uint8Array[] = [];
  let bytes = framePrefixBytes;
  let seq = from;
  let isFull = true;
  for (; seq <= batch.lastSeq; seq++) {
    const event = batch.framedAt(seq, filter, skipped);
    if (event === null) continue;
    const grown = bytes + header.bytes + header.cost(event.text) + event.payload.byteLength;
    // One event always fits: a record's payload and its words are bounded far below a frame.
    if (grown > maxFrameBytes && !header.isEmpty) break;
    if (bytes + header.bytes >= budget && !header.isEmpty) {
      isFull = false;
      break;
    }
    header.add(event.text);
    payload.push(event.payload);
    bytes += event.payload.byteLength;
  }
  const frame = header.isEmpty ? null : joinFrame(encoder.encode(header.toString()), payload);
  return { frame, seq: seq - 1, isFull };
}
