// Makes room in a spool whose producer cannot be paused: the output of a sealed segment goes, and gaps take its place.
// Every other record stays, and each keeps its number:
//
//   starting 1  started 2  output 3–9  signalled 10  output 11–90    →    starting 1  started 2  gap 3–9  signalled 10  gap 11–90
//
// Each gap is a segment of its own. Files are put there in such an order that whoever reads meanwhile, or after a crash
// in the middle, finds for each record either itself or a gap that stands for it.

import { readFileSync } from "node:fs";
import type { OutputFact } from "@longwire/shared/wire/facts.ts";
import { decodeGap, encodeGap, type Gap } from "./gap-record.ts";
import { decodeRecord, encodeRecord, inspectRecord, type SpoolRecord } from "./record.ts";
import { decodeSegmentHead, removeSegments, segmentHeadBytes, segmentPath, writeSegment } from "./segments.ts";

/** What becomes of a segment's records: some stay together, or a gap stands for them. */
export interface Piece {
  readonly first: number;
  /** CRC-32 of the record before. */
  readonly checkBefore: number;
  readonly content: Gap | SpoolRecord[];
}

/** A segment's file after its output went. */
export interface SparseSegment {
  readonly first: number;
  readonly bytes: number;
  readonly isGap: boolean;
}

const outputStart = '{"type":"output"';

/** What takes the place of `records`, which follow one another; `checkBefore` is of the record before them. Pure. */
export function planOverflow(records: Iterable<SpoolRecord>, checkBefore: number): Piece[] {
  const pieces: Piece[] = [];
  let before = checkBefore;
  for (const record of records) {
    const gap = describeLost(record);
    const last = pieces.at(-1);
    if (gap === null) {
      if (last !== undefined && Array.isArray(last.content)) last.content.push(record);
      else pieces.push({ first: record.number, checkBefore: before, content: [record] });
    } else if (last === undefined || Array.isArray(last.content)) {
      pieces.push({ first: record.number, checkBefore: before, content: gap });
    } else {
      pieces[pieces.length - 1] = { ...last, content: joinGaps(last.content, gap) };
    }
    before = gap?.lastCheck ?? record.check;
  }
  return pieces;
}

/** The gap that stands for an output's record, or that a record is already; null where it is to stay. */
function describeLost(record: SpoolRecord): Gap | null {
  if (!record.header.startsWith(outputStart)) return decodeGap(record);
  const { at, process, run, offset, size } = JSON.parse(record.header) as OutputFact;
  const lost = { from_offset: offset, to_offset: offset + size, reason: "overflow", records: 1 };
  return { fact: { type: "gap", at, process, run, ...lost }, lastCheck: record.check };
}

function joinGaps(one: Gap, next: Gap): Gap {
  const { at, to_offset } = next.fact;
  return {
    fact: { ...one.fact, at, to_offset, records: one.fact.records + next.fact.records },
    lastCheck: next.lastCheck,
  };
}

/**
 * Lets the output of sealed segments go, which follow one another; those after the first begin after it without a hole.
 * What is there then; null where a file cannot be read whole or the disk does not take what is to stay: then nothing is lost.
 */
export function dropOutput(folder: string, segments: readonly number[]): SparseSegment[] | null {
  try {
    const read = segments.map((first) => readSegment(folder, first));
    const [head] = read;
    if (head === undefined) return [];
    const pieces = planOverflow(
      read.flatMap(({ records }) => records),
      head.checkBefore,
    );
    const written = pieces.toReversed().map(({ first, checkBefore, content }): SparseSegment => {
      const isGap = !Array.isArray(content);
      const bytes = isGap
        ? encodeGap(content)
        : content.flatMap(({ header, payload }) => encodeRecord(header, payload).pieces);
      return { first, isGap, bytes: writeSegment(folder, first, checkBefore, bytes) };
    });
    removeSegments(
      folder,
      segments.filter((first) => !pieces.some((piece) => piece.first === first)),
    );
    return written.toReversed();
  } catch {
    return null;
  }
}

/** All records of a sealed segment, a gap as it stands on disk. Throws where not all of the file is records. */
function readSegment(folder: string, first: number): { checkBefore: number; records: SpoolRecord[] } {
  const bytes = readFileSync(segmentPath(folder, first));
  const checkBefore = decodeSegmentHead(bytes);
  const records: SpoolRecord[] = [];
  let number = first;
  for (let at = segmentHeadBytes; at < bytes.byteLength;) {
    const seen = inspectRecord(bytes, at);
    if (seen.type !== "record") throw new Error(`segment ${first} is damaged`);
    const record = decodeRecord(bytes, at, seen.length, number);
    records.push(record);
    number += decodeGap(record)?.fact.records ?? 1;
    at += seen.length;
  }
  if (checkBefore === null) throw new Error(`segment ${first} has no head`);
  return { checkBefore, records };
}
