// One batch from what the spools hold: which records go, and the frame that carries them. Each spool with news gets
// an equal share of the frame; what a share leaves over goes to the spools that come later, and one record larger than
// its share is taken while there is room. Who comes first changes from batch to batch.

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
  const turn = news.length === 0 ? 0 : batch % news.length;
  for (const [at, spool] of [...news.slice(turn), ...news.slice(0, turn)].entries()) {
    const share = Math.floor(room / (news.length - at)) - partBytes;
    const records = spool.reader.read(spool.from.next, share, maxFrameRecords - headers.length, room - partBytes);
    const first = records[0];
    const last = records.at(-1);
    if (first === undefined || last === undefined) continue;
    // What cannot be read any more is told as another record: then the control plane knows of a loss and goes on.
    const checkBefore = spool.from.check ?? spool.reader.checkOf(spool.from.next - 1) ?? 0;
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

/** Bytes a record takes in a frame, a comma included: fewer than on disk, by which spools count. */
function sizeOf(record: SpoolRecord): number {
  return Buffer.byteLength(record.header) + 1 + record.payload.byteLength;
}
