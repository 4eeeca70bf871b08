// One batch from what the spools hold: which records go, and the frame that carries them. Each spool with news gets
// an equal share of the frame; what a share leaves over goes to the spools read later, and one record larger than
// its share is taken while there is room. Where the window leaves less than a frame, so much is shared out.

import { joinFrame } from "@longwire/shared/frame.ts";
import type { SpoolId } from "@longwire/shared/ids.ts";
import { maxFrameBytes, maxFrameRecords } from "@longwire/shared/limits.ts";
import type { BatchPart } from "@longwire/shared/wire/batch.ts";
import type { ReadableSpool } from "../spool/readable-spool.ts";
import type { SpoolRecord } from "../spool/record.ts";
import type { BatchFrame, ReadPosition } from "./outbox.ts";

/** A spool that has records from `from` on. */
export interface SpoolNews {
  readonly id: SpoolId;
  readonly reader: ReadableSpool;
  readonly from: ReadPosition;
}

/** What one spool gives to a batch. */
interface Taken {
  readonly part: BatchPart;
  readonly records: readonly SpoolRecord[];
}

/** What a part's own text may take in the header. */
const partBytes = 192;
/** The header's text around parts and facts. */
const frameBytes = 128;

/** The same spools with another one first in each batch, so that none has to wait for ever. */
export function takeTurns(news: readonly SpoolNews[], batch: number): SpoolNews[] {
  const turn = news.length === 0 ? 0 : batch % news.length;
  return [...news.slice(turn), ...news.slice(0, turn)];
}

/**
 * Builds batch number `batch` with the spools in the order given, of about `roomBytes`; null where nothing can be read. The
 * last spool is read first, so that the runner's own, which comes last, has room beside any flood. However little room
 * there is, the first record goes, up to `firstBytes`.
 */
export function buildBatch(
  batch: number,
  news: readonly SpoolNews[],
  roomBytes = maxFrameBytes,
  firstBytes = maxFrameBytes,
  allocate?: (bytes: number) => Uint8Array<ArrayBuffer>,
): BatchFrame | null {
  const taken: Taken[] = [];
  let room = Math.min(maxFrameBytes, roomBytes) - frameBytes;
  let free = maxFrameRecords;
  for (const [at, spool] of news.toReversed().entries()) {
    const share = Math.floor(room / (news.length - at)) - partBytes;
    const largest = (taken.length === 0 ? firstBytes - frameBytes : room) - partBytes;
    const records = spool.reader.read(spool.from.next, share, free, largest);
    const part = describePart(spool, records);
    if (part === null) continue;
    taken.push({ part, records });
    room -= records.reduce((sum, record) => sum + sizeOf(record), partBytes);
    free -= records.length;
  }
  return taken.length === 0 ? null : joinTaken(batch, news, taken.toReversed(), allocate);
}

function describePart({ id, reader, from }: SpoolNews, records: readonly SpoolRecord[]): BatchPart | null {
  const [first] = records;
  const last = records.at(-1);
  if (first === undefined || last === undefined) return null;
  // What cannot be read any more is told as another record: then the control plane knows of a loss and goes on.
  const checkBefore = from.check ?? reader.checkOf(from.next - 1) ?? 0;
  return {
    spool: id,
    from_record: first.number,
    count: records.reduce((sum, { span }) => sum + span, 0),
    check_before: checkBefore,
    check_last: last.check,
  };
}

function joinTaken(
  batch: number,
  news: readonly SpoolNews[],
  taken: readonly Taken[],
  allocate?: (bytes: number) => Uint8Array<ArrayBuffer>,
): BatchFrame {
  const parts = taken.map(({ part }) => part);
  const records = taken.flatMap((one) => one.records);
  const facts = records.map(({ header }) => header).join(",");
  const header = Buffer.from(`{"batch":${batch},"parts":${JSON.stringify(parts)},"facts":[${facts}]}`);
  const payload = records.map((record) => record.payload).filter(({ byteLength }) => byteLength > 0);
  const positions = new Map(
    parts.map((part) => [part.spool, { next: part.from_record + part.count, check: part.check_last }]),
  );
  const behind = news.filter(({ id, reader, from }) => (positions.get(id) ?? from).next < reader.next);
  return { frame: joinFrame(header, payload, allocate), positions, behind: behind.map(({ id }) => id) };
}

/** Bytes a record takes in a frame, a comma included: fewer than on disk, by which spools count. */
function sizeOf(record: SpoolRecord): number {
  return Buffer.byteLength(record.header) + 1 + record.payload.byteLength;
}
