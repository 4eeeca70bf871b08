import fc from "fast-check";
import { expect, test } from "vitest";
import type { ProcessId } from "./ids.ts";
import { keptTailBytes, maxKeptPieces, maxRetentionBytes, minRetentionBytes, partitionBytes } from "./limits.ts";
import { findExpired, isInTail, readRetention, selectKept } from "./retention.ts";
import type { OutputFact } from "./wire/facts.ts";

const MiB = 1024 * 1024;
const of = { process: "p1" as ProcessId, run: 1, at: 0 };
const output = (offset: number, size: number): OutputFact => ({
  type: "output",
  ...of,
  stream: "stdout",
  offset,
  size,
});
test.each([
  ["nothing stored", [], 10, []],
  ["within the bound", [4, 4, 2], 10, []],
  ["one byte past it", [4, 4, 3], 10, [0]],
  ["far past it", [4, 4, 4, 9], 10, [0, 1, 2]],
  ["the newest alone past it", [11], 10, []],
  ["the newest past it", [1, 11], 10, [0]],
  ["empty ones in front", [0, 8, 3], 10, [0, 1]],
])("[L3] %s: the oldest partitions go, as few as needed, never the newest", (_, sizes, bound, gone) => {
  const partitions = sizes.map((bytes, id) => ({ id, bytes }));
  expect(findExpired(partitions, bound).map(({ id }) => id)).toEqual(gone);
});

test("[L3] a log that grows by batches stays within its bound and one batch, and keeps three quarters of it", () => {
  const bound = 1000;
  const full = bound / 4;
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 400 }), (batches) => {
      let partitions = [{ bytes: 0 }];
      let written = 0;
      for (const bytes of batches) {
        const newest = partitions.at(-1) ?? { bytes: 0 };
        if (newest.bytes >= full) partitions = [...partitions, { bytes }];
        else partitions = [...partitions.slice(0, -1), { bytes: newest.bytes + bytes }];
        written += bytes;
        const gone = findExpired(partitions, bound);
        expect(gone).toEqual(partitions.slice(0, gone.length));
        partitions = partitions.slice(gone.length);
        const held = partitions.reduce((sum, one) => sum + one.bytes, 0);
        expect(held).toBeLessThanOrEqual(bound);
        expect(held).toBeGreaterThan(Math.min(written, bound - full - 40) - 1);
      }
    }),
  );
});

test("[L3] the bound is read as whole bytes within what an object holds, and a partition is at most a quarter of it", () => {
  expect(readRetention(undefined)).toEqual({ retentionBytes: 256 * MiB, partitionBytes });
  expect(readRetention(String(minRetentionBytes))).toEqual({ retentionBytes: MiB, partitionBytes: MiB / 4 });
  expect(readRetention(String(maxRetentionBytes))).toEqual({ retentionBytes: maxRetentionBytes, partitionBytes });
  for (const wrong of ["", "0", "-1", "1e9", "64 MiB", " 268435456", String(MiB - 1), String(maxRetentionBytes + 1)]) {
    expect(readRetention(wrong)).toBeNull();
  }
});

test("[L4] of a live run its last 64 KiB are kept, whole pieces of them", () => {
  const printed = 1_000_000;
  const from = printed - keptTailBytes;
  expect(isInTail(output(from - 10, 10), printed)).toBe(false);
  expect(isInTail(output(from - 10, 11), printed)).toBe(true);
  expect(isInTail(output(0, 1), keptTailBytes)).toBe(true);
});

test("[L4] what is kept is bounded in pieces too", () => {
  const pieces = Array.from({ length: maxKeptPieces + 5 }, (_, at) => ({ fact: output(at, 1) }));
  expect(selectKept(pieces, pieces.length)).toEqual(pieces.slice(5));
});

test("[L4] keeping in steps, partition by partition, keeps what keeping at once would", () => {
  const size = fc.integer({ min: 1, max: 20_000 });
  fc.assert(
    fc.property(fc.array(fc.array(size, { maxLength: 8 }), { maxLength: 8 }), (partitions) => {
      let offset = 0;
      let kept: { fact: OutputFact }[] = [];
      const all: { fact: OutputFact }[] = [];
      for (const sizes of partitions) {
        const more = sizes.map((bytes) => ({ fact: output((offset += bytes) - bytes, bytes) }));
        all.push(...more);
        kept = selectKept([...kept, ...more], offset);
      }
      expect(kept).toEqual(selectKept(all, offset));
    }),
  );
});
