// A spool's files: `0000000000000001.seg`, named by the number of their first record, in the spool's folder.
// Each begins with the CRC-32 of the record before its first, so that a position at a segment's start can still be
// compared when the record before it was removed:
//
//   "LWS1" | u32 CRC-32 of the record before | record | record | …
//
// Where output had to go, a segment holds one record that stands for all that went, see `overflow.ts`.

import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Bytes of a segment before its first record. */
export const segmentHeadBytes = 8;

const magic = "LWS1";
const draftName = "segment.new";
const namePattern = /^(\d{16})\.seg$/;

export function segmentPath(folder: string, first: number): string {
  return join(folder, `${String(first).padStart(16, "0")}.seg`);
}

export function encodeSegmentHead(checkBefore: number): Buffer {
  const head = Buffer.alloc(segmentHeadBytes);
  head.write(magic, "latin1");
  head.writeUInt32LE(checkBefore, 4);
  return head;
}

/** The CRC-32 of the record before the segment's first; null where `head` does not begin a segment. */
export function decodeSegmentHead(head: Buffer): number | null {
  if (head.byteLength < segmentHeadBytes || head.toString("latin1", 0, 4) !== magic) return null;
  return head.readUInt32LE(4);
}

/** The first record numbers of all segments in `folder`, ascending; none where there is no folder. */
export function listSegments(folder: string): number[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const firsts = names.flatMap((name) => {
    const match = namePattern.exec(name);
    return match === null ? [] : [Number(match[1])];
  });
  return firsts.sort((a, b) => a - b);
}

/** Those of `segments` (ascending) whose records are all below `below`. Never the last, which is still written. */
export function freeableSegments(segments: readonly number[], below: number): number[] {
  return segments.filter((_, at) => (segments[at + 1] ?? Infinity) <= below);
}

/** Removes the files of segments; one that is gone already is no error. */
export function removeSegments(folder: string, segments: Iterable<number>): void {
  for (const first of segments) rmSync(segmentPath(folder, first), { force: true });
}

/** Puts a segment there in one step, in place of one of the same first record; its size. Throws where the disk takes it not. */
export function writeSegment(
  folder: string,
  first: number,
  checkBefore: number,
  records: readonly Uint8Array[],
): number {
  const bytes = Buffer.concat([encodeSegmentHead(checkBefore), ...records]);
  writeFileSync(join(folder, draftName), bytes, { mode: 0o600 });
  renameSync(join(folder, draftName), segmentPath(folder, first));
  return bytes.byteLength;
}

/** Bytes of a spool's segments on disk. */
export function measureSegments(folder: string): number {
  const sizeOf = (first: number): number => statSync(segmentPath(folder, first), { throwIfNoEntry: false })?.size ?? 0;
  return listSegments(folder).reduce((sum, first) => sum + sizeOf(first), 0);
}
