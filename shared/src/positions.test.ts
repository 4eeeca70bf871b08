import fc from "fast-check";
import { expect, test } from "vitest";
import type { SpoolId } from "./ids.ts";
import { judgeBatch, judgeSpool, nextRecords, type Position } from "./positions.ts";
import type { BatchPart } from "./wire/batch.ts";

const a = "a".repeat(32) as SpoolId;
const b = "b".repeat(32) as SpoolId;

/** A spool's checks, so that record `n` always has the same one. */
const check = (record: number): number => (record === 0 ? 0 : record * 7919);

function part(spool: SpoolId, from: number, count: number): BatchPart {
  return {
    spool,
    from_record: from,
    count,
    check_before: check(from - 1),
    check_last: check(from + count - 1),
  };
}

const at = (next: number): Position => ({ next, check: check(next - 1) });

test.for([
  { name: "a first batch of a spool nobody knows", parts: [part(b, 1, 3)], verdict: "store" },
  { name: "what follows the last record", parts: [part(a, 5, 2)], verdict: "store" },
  { name: "two spools that both follow", parts: [part(a, 5, 2), part(b, 1, 1)], verdict: "store" },
  { name: "records that are stored already", parts: [part(a, 1, 4)], verdict: "repeat" },
  { name: "a gap before the first record", parts: [part(a, 6, 1)], verdict: "rewind" },
  { name: "a part that begins in what is stored", parts: [part(a, 4, 2)], verdict: "rewind" },
  { name: "one part old, one new", parts: [part(a, 4, 1), part(b, 1, 1)], verdict: "rewind" },
  { name: "one part new, one beyond", parts: [part(a, 5, 1), part(b, 2, 1)], verdict: "rewind" },
] as const)("[D1] $name: $verdict", ({ parts, verdict }) => {
  expect(judgeBatch(new Map([[a, at(5)]]), parts).type).toBe(verdict);
});

test("[D1] however batches are repeated, reordered and lost, every record is taken once and in order", () => {
  const step = fc.record({ from: fc.integer({ min: 1, max: 12 }), count: fc.integer({ min: 1, max: 4 }) });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const positions = new Map<SpoolId, Position>();
      const stored: number[] = [];
      for (const { from, count } of steps) {
        const verdict = judgeBatch(positions, [part(a, from, count)]);
        if (verdict.type !== "store") continue;
        for (let record = from; record < from + count; record++) stored.push(record);
        for (const [spool, position] of verdict.positions) positions.set(spool, position);
      }
      expect(stored).toEqual(stored.map((_, index) => index + 1));
      expect(nextRecords(positions, [a])[a]).toBe(stored.length + 1);
    }),
  );
});

test("[D17] another record before the first than the one stored: the batch is stored, and that is said", () => {
  const other = { ...part(a, 5, 1), check_before: 1 };
  expect(judgeBatch(new Map([[a, at(5)]]), [other, part(b, 1, 1)])).toMatchObject({ type: "store", diverged: [other] });
  expect(judgeBatch(new Map([[a, at(5)]]), [other, part(b, 2, 1)]).type).toBe("rewind");
  const unknown: Position = { next: 5, check: null };
  expect(judgeBatch(new Map([[a, unknown]]), [other])).toMatchObject({ type: "store", diverged: [] });
});

test.for([
  { name: "all records", first: 1, next: 9, verdict: { type: "keep" } },
  { name: "what is wanted next and no more", first: 5, next: 9, verdict: { type: "keep" } },
  { name: "nothing new", first: 3, next: 5, verdict: { type: "keep" } },
  { name: "nothing but what is behind it", first: 7, next: 9, verdict: { reason: "missing", position: { next: 7 } } },
  { name: "no record, all are gone", first: 9, next: 9, verdict: { reason: "missing", position: { next: 9 } } },
  { name: "a torn tail", first: 1, next: 3, verdict: { reason: "torn", position: { next: 3 } } },
  { name: "no record, none is left", first: 1, next: 1, verdict: { reason: "torn", position: { next: 1 } } },
])("[D17] of a spool that stands at record 5 the runner has $name", ({ first, next, verdict }) => {
  expect(judgeSpool(new Map([[a, at(5)]]), { id: a, first, next })).toMatchObject(verdict);
});

test("[D17] whatever a runner has, after one loss at the most each spool goes on from a record it has", () => {
  const natural = fc.integer({ min: 1, max: 30 });
  fc.assert(
    fc.property(natural, natural, natural, fc.nat(), (stands, first, next, checkBefore) => {
      const positions = new Map([[a, at(stands)]]);
      const verdict = judgeSpool(positions, { id: a, first, next });
      if (verdict.type === "lost") positions.set(a, verdict.position);
      expect(judgeSpool(positions, { id: a, first, next })).toEqual({ type: "keep" });
      const from = nextRecords(positions, [a])[a] ?? 0;
      expect(from).toBeGreaterThanOrEqual(first);
      if (from >= next) return;
      const batch = [{ ...part(a, from, next - from), check_before: checkBefore }];
      expect(judgeBatch(positions, batch).type).toBe("store");
    }),
  );
});
