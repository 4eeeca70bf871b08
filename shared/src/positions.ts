// How far each spool is stored, and what a batch may do to that. The object keeps these positions in its log
// and nothing else about delivery: a batch is stored once because it must start where its spools stand.
//
//   part   from == next, checks agree        → take
//   part   from + count <= next              → old
//   batch  every part take                   → store
//   batch  every part old                    → repeat (acknowledged again)
//   batch  anything else                     → rewind (nothing stored, the sender goes back to the positions)

import type { SpoolId } from "./ids.ts";
import type { BatchPart } from "./wire/batch.ts";

/** Where a spool stands: the next record wanted, and the CRC-32 of the record before it (0 before record 1). */
export interface Position {
  readonly next: number;
  readonly check: number;
}

export type Positions = ReadonlyMap<SpoolId, Position>;

export type BatchVerdict =
  | { readonly type: "store"; readonly positions: ReadonlyMap<SpoolId, Position> }
  | { readonly type: "repeat" }
  | { readonly type: "rewind" };

const start: Position = { next: 1, check: 0 };

/** What to do with a batch of `parts` when the spools stand at `positions`. An unknown spool stands at record 1. */
export function judgeBatch(positions: Positions, parts: readonly BatchPart[]): BatchVerdict {
  const moved = new Map<SpoolId, Position>();
  let old = 0;
  for (const part of parts) {
    const stands = positions.get(part.spool) ?? start;
    if (part.from_record + part.count <= stands.next) old++;
    else if (part.from_record === stands.next && part.check_before === stands.check) {
      moved.set(part.spool, { next: part.from_record + part.count, check: part.check_last });
    } else return { type: "rewind" };
  }
  if (old === parts.length) return { type: "repeat" };
  return old === 0 ? { type: "store", positions: moved } : { type: "rewind" };
}

/** The next record wanted of each of `spools`. */
export function nextRecords(positions: Positions, spools: Iterable<SpoolId>): Record<SpoolId, number> {
  const next: Record<SpoolId, number> = {};
  for (const spool of spools) next[spool] = (positions.get(spool) ?? start).next;
  return next;
}
