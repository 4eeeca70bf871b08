// Compares what a log holds of a flood with what the flood prints at these offsets.

import type { Event } from "@longwire/shared/api/views.ts";
import { BLOCK_LINES, createBlock, LINE_BYTES, numberBlock } from "../bench/children/line.ts";
import { type Api, bytesOf, type EventsPage } from "../support/api.ts";

export interface HeldFlood {
  readonly wrongs: readonly string[];
  readonly bytes: number;
  /** The offset behind the last byte. */
  readonly end: number;
}

const blockBytes = BLOCK_LINES * LINE_BYTES;
const manyWrongs = 10;

/** Reads the output of `processId` from the earliest on that is still there. */
export async function checkFlood(api: Api, processId: string): Promise<HeldFlood> {
  const wrongs: string[] = [];
  const block = createBlock(0);
  let bytes = 0;
  let end: number | null = null;
  const see = (event: Event): void => {
    if (event.type !== "output") return;
    const { offset = 0 } = event;
    const output = bytesOf(event);
    if (end !== null && offset !== end) wrongs.push(`offset ${offset} where ${end} follows`);
    for (let at = 0; at < output.byteLength;) {
      const inBlock = (offset + at) % blockBytes;
      numberBlock(block, Math.floor((offset + at) / blockBytes));
      const expected = block.subarray(inBlock, inBlock + output.byteLength - at);
      if (expected.compare(output, at, at + expected.byteLength) !== 0) wrongs.push(`other bytes near ${offset + at}`);
      at += expected.byteLength;
    }
    bytes += output.byteLength;
    end = offset + output.byteLength;
  };
  for (let after = ""; wrongs.length < manyWrongs;) {
    const { status, body } = await api.call<EventsPage>("GET", `/events?process=${processId}${after}`);
    if (status !== 200) throw new Error(`events: ${status} ${JSON.stringify(body)}`);
    for (const event of body.events) see(event);
    after = `&after=${body.next_after}`;
    if (body.next_after >= body.head) break;
  }
  return { wrongs, bytes, end: end ?? 0 };
}
