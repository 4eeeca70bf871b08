// The record that stands for output which had to go before it was sent. Its header says how many records it stands for;
// its payload on disk, which is not sent, is the CRC-32 of the last of them, by which the record after it is known.
// It is alone in its segment.

import type { Fact } from "@longwire/shared/wire/facts.ts";
import { encodeRecord, type SpoolRecord } from "./record.ts";

export type GapFact = Extract<Fact, { type: "gap" }>;

/** A stretch of output that went: its fact, and the CRC-32 of its last record. */
export interface Gap {
  readonly fact: GapFact & { readonly records: number };
  readonly lastCheck: number;
}

const headerStart = '{"type":"gap"';
const checkBytes = 4;

/** The record's bytes on disk. */
export function encodeGap({ fact, lastCheck }: Gap): readonly Uint8Array[] {
  const check = Buffer.alloc(checkBytes);
  check.writeUInt32LE(lastCheck, 0);
  const { type, ...rest } = fact;
  return encodeRecord(JSON.stringify({ type, ...rest }), check).pieces;
}

/** Null where `record`, as it stands on disk, is none. */
export function decodeGap({ header, payload }: Pick<SpoolRecord, "header" | "payload">): Gap | null {
  if (payload.byteLength !== checkBytes || !header.startsWith(headerStart)) return null;
  const lastCheck = Buffer.from(payload).readUInt32LE(0);
  return { fact: JSON.parse(header) as Gap["fact"], lastCheck };
}

/**
 * A gap's record as it is read from its `number` on, in a segment that begins with `first`; any other record unchanged.
 * Whoever asks for its middle has what is before, which was sent in the moment it went.
 */
export function openGap(record: SpoolRecord, first: number): SpoolRecord {
  const gap = decodeGap(record);
  if (gap === null) return record;
  const span = first + gap.fact.records - record.number;
  const header = JSON.stringify({ ...gap.fact, records: span });
  return { number: record.number, span, header, payload: new Uint8Array(0), check: gap.lastCheck };
}
