// How far each spool is stored, and what a batch or a hello may do to that. The object keeps these positions in its
// log and nothing else about delivery: a batch is stored once because it must start where its spools stand.
//
//   part   from == next                      → take; another record before it than the one stored is loss
//   part   from + count <= next              → old
//   batch  every part take                   → store
//   batch  every part old                    → repeat (acknowledged again)
//   batch  anything else                     → rewind (nothing stored, the sender goes back to the positions)
//
//   spool  first > next                      → go on at first, what lies between is lost
//   spool  its next < next                   → go on there: its tail is torn, and numbers come again
//
// After a loss the check is unknown and any record may follow, so that no disagreement is met twice.

import type { SpoolId } from "./ids.ts";
import type { BatchPart } from "./wire/batch.ts";
import type { HelloSpool } from "./wire/link.ts";

/** Where a spool stands: the next record wanted, and the CRC-32 of the record before it. */
export interface Position {
  readonly next: number;
  /** 0 before record 1; null where it is not known, after a loss. */
  readonly check: number | null;
}

export type Positions = ReadonlyMap<SpoolId, Position>;

export type BatchVerdict =
  | {
      readonly type: "store";
      readonly positions: ReadonlyMap<SpoolId, Position>;
      /** Parts that do not follow the record that was stored last: what stood there is lost, and so is what was between. */
      readonly diverged: readonly BatchPart[];
    }
  | { readonly type: "repeat" }
  | { readonly type: "rewind" };

export type SpoolVerdict =
  | { readonly type: "keep" }
  | { readonly type: "lost"; readonly reason: "missing" | "torn"; readonly position: Position };

const start: Position = { next: 1, check: 0 };

/** What to do with a batch of `parts` when the spools stand at `positions`. An unknown spool stands at record 1. */
export function judgeBatch(positions: Positions, parts: readonly BatchPart[]): BatchVerdict {
  const moved = new Map<SpoolId, Position>();
  const diverged: BatchPart[] = [];
  let old = 0;
  for (const part of parts) {
    const stands = positions.get(part.spool) ?? start;
    if (part.from_record + part.count <= stands.next) old++;
    else if (part.from_record === stands.next) {
      if (stands.check !== null && part.check_before !== stands.check) diverged.push(part);
      moved.set(part.spool, { next: part.from_record + part.count, check: part.check_last });
    } else return { type: "rewind" };
  }
  if (old === parts.length) return { type: "repeat" };
  return old === 0 ? { type: "store", positions: moved, diverged } : { type: "rewind" };
}

/** Whether a spool of which the runner has these records can go on where it stands, and where else. */
export function judgeSpool(positions: Positions, { id, first, next }: HelloSpool): SpoolVerdict {
  const stands = positions.get(id) ?? start;
  if (first > stands.next) return { type: "lost", reason: "missing", position: { next: first, check: null } };
  const end = Math.max(first, next);
  return end < stands.next ? { type: "lost", reason: "torn", position: { next: end, check: null } } : { type: "keep" };
}

/** The next record wanted of each of `spools`. */
export function nextRecords(positions: Positions, spools: Iterable<SpoolId>): Record<SpoolId, number> {
  const next: Record<SpoolId, number> = {};
  for (const spool of spools) next[spool] = (positions.get(spool) ?? start).next;
  return next;
}
