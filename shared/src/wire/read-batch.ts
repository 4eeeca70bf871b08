// Reads a batch's header as `batchHeaderSchema` does, and says the same of every value, but output and the parts by hand:
// a batch of one line comes on its own while somebody watches, and the schema would take longer over it than storing it.

import { maxFrameRecords, maxRecordPayloadBytes } from "../limits.ts";
import { type Fields, hasFields, isWhole, readAll } from "../read-by-hand.ts";
import type { BatchHeader, BatchPart } from "./batch.ts";
import { type Fact, factSchema, type OutputFact, outputStreams } from "./facts.ts";

const maxTime = 8.64e15;
const maxRun = 1_000_000_000;
const spoolPattern = /^[0-9a-f]{32}$/;
const processPattern = /^p[1-9][0-9]{0,14}$/;

/** The header in `value`, without fields nobody knows; null where it is none. */
export function readBatchHeader(value: unknown): BatchHeader | null {
  if (!hasFields(value) || !isWhole(value["batch"], 1)) return null;
  const parts = readAll(value["parts"], 1, maxFrameRecords, readPart);
  const facts = parts === null ? null : readAll(value["facts"], 1, maxFrameRecords, readFact);
  return parts === null || facts === null ? null : { batch: value["batch"], parts, facts };
}

function readPart(value: unknown): BatchPart | null {
  if (!hasFields(value)) return null;
  const { spool, from_record, count, check_before, check_last } = value;
  return typeof spool === "string" &&
    spoolPattern.test(spool) &&
    isWhole(from_record, 1) &&
    isWhole(count, 1) &&
    isWhole(check_before, 0, 0xffffffff) &&
    isWhole(check_last, 0, 0xffffffff)
    ? { spool: spool as BatchPart["spool"], from_record, count, check_before, check_last }
    : null;
}

function readFact(value: unknown): Fact | null {
  if (!hasFields(value) || value["type"] !== "output") return factSchema.safeParse(value).data ?? null;
  return readOutput(value);
}

function readOutput({ at, process, run, stream, offset, size }: Fields): OutputFact | null {
  const of = outputStreams.find((one) => one === stream);
  return isWhole(at, 0, maxTime) &&
    typeof process === "string" &&
    processPattern.test(process) &&
    isWhole(run, 1, maxRun) &&
    of !== undefined &&
    isWhole(offset, 0) &&
    isWhole(size, 0, maxRecordPayloadBytes)
    ? { type: "output", at, process: process as OutputFact["process"], run, stream: of, offset, size }
    : null;
}
