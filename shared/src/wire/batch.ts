// The header of a batch: which records of which spools, and the facts they state, part after part.

import * as z from "zod";
import { checkSchema, recordNumberSchema, spoolIdSchema } from "../ids.ts";
import { maxFrameRecords } from "../limits.ts";
import { countRecords, factSchema, payloadSize, type Fact } from "./facts.ts";

/** `count` consecutive records of one spool. */
export const batchPartSchema = z.object({
  spool: spoolIdSchema,
  from_record: recordNumberSchema,
  /** A `gap` may stand for many records. */
  count: recordNumberSchema,
  /** CRC-32 of the record before the first; 0 before record 1. */
  check_before: checkSchema,
  /** CRC-32 of the last record. */
  check_last: checkSchema,
});
export type BatchPart = z.infer<typeof batchPartSchema>;

export const batchHeaderSchema = z.object({
  /** Numbers the batches of one connection, from 1. */
  batch: z.number().int().min(1),
  parts: z.array(batchPartSchema).min(1).max(maxFrameRecords),
  facts: z.array(factSchema).min(1).max(maxFrameRecords),
});
export type BatchHeader = z.infer<typeof batchHeaderSchema>;

/** Why header and payload do not fit together; null where they do. */
export function findBatchFault(header: BatchHeader, payloadBytes: number): string | null {
  const spools = new Set(header.parts.map((part) => part.spool));
  if (spools.size !== header.parts.length) return "a spool stands in two parts";
  const records = header.parts.reduce((sum, part) => sum + part.count, 0);
  if (records !== header.facts.reduce((sum, fact) => sum + countRecords(fact), 0))
    return "the parts count other records than the facts";
  const bytes = header.facts.reduce((sum, fact) => sum + payloadSize(fact), 0);
  if (bytes !== payloadBytes) return "the facts name other payload bytes than the frame holds";
  return null;
}

/** The facts of one of a batch's parts. */
export function factsOfPart(header: BatchHeader, { spool }: BatchPart): readonly Fact[] {
  let at = 0;
  for (const part of header.parts) {
    const from = at;
    let records = 0;
    for (let fact = header.facts[at]; fact !== undefined && records < part.count; fact = header.facts[++at]) {
      records += countRecords(fact);
    }
    if (part.spool === spool) return header.facts.slice(from, at);
  }
  return [];
}
