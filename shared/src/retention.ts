// How much of a machine's log stays: which partitions go when it outgrows its bound, and which output of a live run is
// copied before a partition goes with it.

import {
  defaultRetentionBytes,
  keptTailBytes,
  maxKeptPieces,
  maxRetentionBytes,
  minRetentionBytes,
  partitionBytes,
} from "./limits.ts";
import type { OutputFact } from "./wire/facts.ts";

/** The log's bound and the size at which a partition is full. */
export interface Retention {
  readonly retentionBytes: number;
  readonly partitionBytes: number;
}

/**
 * The bound an operator wrote as whole bytes; the default where none is written, null where it is no number or lies
 * outside what a machine's object can hold. A partition is at most a quarter of the bound, so that three quarters stay.
 */
export function readRetention(text: string | undefined): Retention | null {
  if (text === undefined) return { retentionBytes: defaultRetentionBytes, partitionBytes };
  if (!/^[0-9]{1,15}$/.test(text)) return null;
  const retentionBytes = Number(text);
  if (retentionBytes < minRetentionBytes || retentionBytes > maxRetentionBytes) return null;
  return { retentionBytes, partitionBytes: Math.min(partitionBytes, Math.floor(retentionBytes / 4)) };
}

/** A partition of the log, as far as its going depends on it. */
export interface SizedPartition {
  readonly bytes: number;
}

/** The partitions that go, of a list from the oldest to the newest: as few as bring the rest within the bound. The newest stays. */
export function findExpired<P extends SizedPartition>(partitions: readonly P[], retentionBytes: number): P[] {
  let total = partitions.reduce((sum, partition) => sum + partition.bytes, 0);
  let count = 0;
  for (const partition of partitions.slice(0, -1)) {
    if (total <= retentionBytes) break;
    total -= partition.bytes;
    count++;
  }
  return partitions.slice(0, count);
}

/** Whether an output is among the last 64 KiB of a run that has printed `outputBytes`. */
export function isInTail(fact: OutputFact, outputBytes: number): boolean {
  return fact.offset + fact.size > outputBytes - keptTailBytes;
}

/** What is kept of a run's output, given in order. */
export function selectKept<P extends { readonly fact: OutputFact }>(pieces: readonly P[], outputBytes: number): P[] {
  return pieces.filter(({ fact }) => isInTail(fact, outputBytes)).slice(-maxKeptPieces);
}
