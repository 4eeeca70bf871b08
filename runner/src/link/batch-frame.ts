// One batch from what the spools hold: which records go, and the frame that carries them. Each spool with news gets
// an equal share of the frame first; what a share leaves over goes to the spools that come later.

import { joinFrame } from "@longwire/shared/frame.ts";
import type { SpoolId } from "@longwire/shared/ids.ts";
import { maxFrameBytes, maxFrameRecords } from "@longwire/shared/limits.ts";
import type { BatchPart } from "@longwire/shared/wire/batch.ts";
import type { ReadableSpool } from "../spool/readable-spool.ts";
import type { SpoolRecord } from "../spool/record.ts";
import type { ReadPosition } from "./outbox.ts";

/** A spool that has records from `from` on. */
export interface SpoolNews {
  readonly id: SpoolId;
  readonly reader: ReadableSpool;
  readonly from: ReadPosition;
}

export interface BatchFrame {
  readonly frame: Uint8Array<ArrayBuffer>;
  /** Where each spool in the batch goes on after it. */
  readonly positions: ReadonlyMap<SpoolId, ReadPosition>;
}

/** What a part's own text may take in the header. */
const partBytes = 192;
/** The header's text around parts and facts. */
const frameBytes = 128;

/** Builds batch number `batch`; null where nothing can be read. */
export function buildBatch(batch: number, news: readonly SpoolNews[]): BatchFrame | null {
  const parts: BatchPart[] = [];
  const headers: string[] = [];
  const payload: Uint8Array[] = [];
  const positions = new Map<SpoolId, ReadPosition>();
  let room = maxFrameBytes - frameBytes;
  for (const [at, spool] of news.entries()) {
    const share = Math.floor(room / (news.length - at)) - partBytes;
    const records = takeRecords(spool, Math.max(share, 1), maxFrameRecords - headers.length, room - partBytes);
    const first = records[0];
    const last = records.at(-1);
    const checkBefore = spool.from.check ?? spool.reader.checkOf(spool.from.next - 1);
    if (first === undefined || last === undefined || checkBefore === null) continue;
    parts.push({
      spool: spool.id,
      from_record: first.number,
      count: records.length,
      check_before: checkBefore,
      check_last: last.check,
    });
    room -= partBytes;
    for (const record of records) {
      headers.push(record.header);
      if (record.payload.byteLength > 0) payload.push(record.payload);
      room -= sizeOf(record);
    }
    positions.set(spool.id, { next: last.number + 1, check: last.check });
    if (headers.length === maxFrameRecords) break;
  }
  if (parts.length === 0) return null;
  const header = Buffer.from(`{"batch":${batch},"parts":${JSON.stringify(parts)},"facts":[${headers.join(",")}]}`);
  return { frame: joinFrame(header, payload), positions };
}

/** Bytes a record takes in a frame at the most: its header may grow in UTF-8, and a comma stands behind it. */
function sizeOf(record: SpoolRecord): number {
  return Buffer.byteLength(record.header) + 1 + record.payload.byteLength;
}

/** Records that fit `share`, or one that is larger than that where it fits `room`. */
function takeRecords(spool: SpoolNews, share: number, maxRecords: number, room: number): readonly SpoolRecord[] {
  const records = spool.reader.read(spool.from.next, share, maxRecords);
  let size = 0;
  const fitting = records.findIndex((record, at) => {
    size += sizeOf(record);
    return size > (at === 0 ? room : Math.max(share, 0));
  });
  return fitting === -1 ? records : records.slice(0, fitting);
}
