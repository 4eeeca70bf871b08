// Walks one segment from its start, record by record, with a buffer of its own. For finding a place or the end;
// the way of the data is `SpoolReader.read`.

import { closeSync, openSync, readSync, statSync } from "node:fs";
import { openGap } from "./gap-record.ts";
import { decodeRecord, inspectRecord, maxRecordBytes } from "./record.ts";
import { decodeSegmentHead, listSegments, segmentHeadBytes, segmentPath } from "./segments.ts";

/** Where a record lies in its segment's file. */
export interface RecordPlace {
  readonly number: number;
  /** How many records it stands for. */
  readonly span: number;
  readonly position: number;
  readonly length: number;
  /** CRC-32 of the last record it stands for. */
  readonly check: number;
}

const stepBytes = Math.max(512 * 1024, maxRecordBytes);

/** The CRC-32 of the record before segment `first`; null where the file is missing or begins wrongly. */
export function readSegmentHead(folder: string, first: number): number | null {
  let fd: number;
  try {
    fd = openSync(segmentPath(folder, first), "r");
  } catch {
    return null;
  }
  try {
    const head = Buffer.alloc(segmentHeadBytes);
    return readSync(fd, head, 0, segmentHeadBytes, 0) === segmentHeadBytes ? decodeSegmentHead(head) : null;
  } finally {
    closeSync(fd);
  }
}

/** Every sound record of segment `first` in order. Ends at the file's end or at the first bytes that are no record. */
export function* scanSegment(folder: string, first: number): Generator<RecordPlace, void, void> {
  if (readSegmentHead(folder, first) === null) return;
  const fd = openSync(segmentPath(folder, first), "r");
  try {
    const buffer = Buffer.allocUnsafeSlow(stepBytes);
    let number = first;
    let position = segmentHeadBytes;
    for (;;) {
      const have = readSync(fd, buffer, 0, stepBytes, position);
      const bytes = buffer.subarray(0, have);
      let at = 0;
      for (;;) {
        const seen = inspectRecord(bytes, at);
        if (seen.type !== "record") break;
        const { span, check } = openGap(decodeRecord(bytes, at, seen.length, number), first);
        yield { number, span, position: position + at, length: seen.length, check };
        number += span;
        at += seen.length;
      }
      if (at === 0) return;
      position += at;
    }
  } finally {
    closeSync(fd);
  }
}

/** Where record `number`, or the gap that stands for it, lies in segment `first`; null where it is not there. */
export function findRecord(folder: string, first: number, number: number): RecordPlace | null {
  for (const place of scanSegment(folder, first)) if (place.number + place.span > number) return place;
  return null;
}

/** The end of the last sound record on disk, and one past its number. */
export interface SpoolEnd {
  readonly next: number;
  /** The last segment; null for an empty spool. */
  readonly segment: number | null;
  readonly position: number;
  /** Whether nothing but records is there: no bytes behind the last one, no segment that begins wrongly. */
  readonly isWhole: boolean;
}

/** Where the records in `folder` end now. Of a spool that is written meanwhile, some moment's end. */
export function findSpoolEnd(folder: string): SpoolEnd {
  const segment = listSegments(folder).at(-1) ?? null;
  let next = segment ?? 1;
  let position = segmentHeadBytes;
  if (segment === null) return { next, segment, position, isWhole: true };
  for (const record of scanSegment(folder, segment)) {
    next = record.number + record.span;
    position = record.position + record.length;
  }
  // A segment that did not come to its first record holds none, however it begins.
  const isWhole = (statSync(segmentPath(folder, segment), { throwIfNoEntry: false })?.size ?? 0) <= position;
  return { next, segment, position, isWhole };
}
