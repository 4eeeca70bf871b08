import fc from "fast-check";
import { expect, test } from "vitest";
import { splitFrame } from "@longwire/shared/frame.ts";
import type { SpoolId } from "@longwire/shared/ids.ts";
import { maxFrameBytes, maxFrameRecords, maxRecordPayloadBytes } from "@longwire/shared/limits.ts";
import { batchHeaderSchema, findBatchFault, type BatchHeader } from "@longwire/shared/wire/batch.ts";
import type { ReadableSpool } from "../spool/readable-spool.ts";
import type { SpoolRecord } from "../spool/record.ts";
import { buildBatch, takeTurns, type SpoolNews } from "./batch-frame.ts";

/** A spool in memory whose records have payloads of the sizes given; a record's check is its number. */
class MemorySpool implements ReadableSpool {
  readonly first = 1;
  readonly #records: readonly SpoolRecord[];

  constructor(sizes: readonly number[]) {
    let offset = 0;
    this.#records = sizes.map((size, index) => {
      const fact = { type: "output", at: 0, process: "p1", run: 1, stream: "stdout", offset, size };
      offset += size;
      return {
        number: index + 1,
        span: 1,
        header: JSON.stringify(fact),
        payload: new Uint8Array(size).fill(index),
        check: index + 1,
      };
    });
  }

  get next(): number {
    return this.#records.length + 1;
  }

  read(from: number, maxBytes: number, maxRecords: number, maxFirstBytes = Infinity): readonly SpoolRecord[] {
    const taken: SpoolRecord[] = [];
    let bytes = 0;
    for (const record of this.#records.slice(from - 1, from - 1 + maxRecords)) {
      // On disk a record has a prefix of 12 bytes.
      bytes += 12 + record.header.length + record.payload.byteLength;
      if (bytes > (taken.length === 0 ? maxFirstBytes : maxBytes)) break;
      taken.push(record);
    }
    return taken;
  }

  checkOf(number: number): number | null {
    return number < this.next ? number : null;
  }
}

const idOf = (index: number): SpoolId => index.toString(16).padStart(32, "0") as SpoolId;

function headerOf(frame: Uint8Array): BatchHeader {
  const parts = splitFrame(frame);
  if (parts === null) throw new Error("the frame is cut short");
  const header = batchHeaderSchema.parse(JSON.parse(new TextDecoder().decode(parts.header)));
  expect(findBatchFault(header, parts.payload.byteLength)).toBeNull();
  return header;
}

test("[D10] whatever the spools hold, batches within the frame's bounds bring every record once and in order", () => {
  const size = fc.oneof(fc.nat(300), fc.integer({ min: 60_000, max: maxRecordPayloadBytes }));
  fc.assert(
    fc.property(fc.array(fc.array(size, { maxLength: 40 }), { minLength: 1, maxLength: 12 }), (spools) => {
      const next = spools.map(() => 1);
      const readers = spools.map((sizes) => new MemorySpool(sizes));
      for (let batch = 1; ; batch++) {
        const news = readers.flatMap((reader, index): SpoolNews[] => {
          const from = next[index] ?? 1;
          return from < reader.next ? [{ id: idOf(index), reader, from: { next: from, check: null } }] : [];
        });
        const built = buildBatch(batch, news);
        if (built === null) break;
        expect(built.frame.byteLength).toBeLessThanOrEqual(maxFrameBytes);
        const header = headerOf(built.frame);
        expect(header.facts.length).toBeLessThanOrEqual(maxFrameRecords);
        for (const part of header.parts) {
          const index = Number.parseInt(part.spool, 16);
          expect(part.from_record).toBe(next[index]);
          expect(part.check_before).toBe(part.from_record - 1);
          next[index] = part.from_record + part.count;
          expect(built.positions.get(part.spool)?.next).toBe(next[index]);
        }
        expect(batch).toBeLessThan(1000);
      }
      expect(next).toEqual(readers.map((reader) => reader.next));
    }),
    { numRuns: 40 },
  );
});

test("[D10] a flood in one spool leaves every other its share of the frame", () => {
  const flood = new MemorySpool(Array.from({ length: 40 }, () => maxRecordPayloadBytes));
  const quiet = new MemorySpool([20]);
  const news = [flood, flood, quiet].map((reader, index) => ({ id: idOf(index), reader, from: { next: 1, check: 0 } }));
  for (const batch of [1, 2, 3]) {
    const header = headerOf(buildBatch(batch, news)?.frame ?? new Uint8Array());
    const counts = header.parts.toSorted((one, other) => (one.spool < other.spool ? -1 : 1)).map(({ count }) => count);
    expect(counts[2]).toBe(1);
    for (const count of counts.slice(0, 2)) expect(count).toBeGreaterThanOrEqual(2);
  }
});

test("[D10] of many spools that flood, each has its turn", () => {
  const news = Array.from({ length: 20 }, (_, index) => {
    const reader = new MemorySpool(Array.from({ length: 4 }, () => maxRecordPayloadBytes));
    return { id: idOf(index), reader, from: { next: 1, check: 0 } };
  });
  const served = new Set<string>();
  for (let batch = 1; batch <= 20; batch++) {
    const { parts } = headerOf(buildBatch(batch, takeTurns(news, batch))?.frame ?? new Uint8Array());
    for (const { spool } of parts) served.add(spool);
  }
  expect(served.size).toBe(20);
});

test("[D17] records behind one that cannot be read any more are sent, as following another", () => {
  class Unreadable extends MemorySpool {
    override checkOf(): null {
      return null;
    }
  }
  const reader = new Unreadable([5, 5, 5]);
  const built = buildBatch(1, [{ id: idOf(0), reader, from: { next: 3, check: null } }]);
  const header = headerOf(built?.frame ?? new Uint8Array());
  expect(header.parts).toMatchObject([{ from_record: 3, count: 1, check_before: 0 }]);
});

test("[D10] the spool that comes last has room beside any flood, and stands last in the frame", () => {
  const floods = Array.from(
    { length: 20 },
    () => new MemorySpool(Array.from({ length: 9 }, () => maxRecordPayloadBytes)),
  );
  const news = [...floods, new MemorySpool([0, 0, 0])].map((reader, index) => {
    return { id: idOf(index), reader, from: { next: 1, check: 0 } };
  });
  const { parts } = headerOf(buildBatch(1, news)?.frame ?? new Uint8Array());
  expect(parts.at(-1)).toMatchObject({ spool: idOf(20), count: 3 });
});

test("[D36] a first record over what the batch may take at the most stays, and others go", () => {
  const news = [[maxRecordPayloadBytes], [20], [maxRecordPayloadBytes], [30, 40]].map((sizes, index) => {
    return { id: idOf(index), reader: new MemorySpool(sizes), from: { next: 1, check: 0 } };
  });
  const built = buildBatch(1, news, 4096, 4096);
  expect(built?.frame.byteLength).toBeLessThanOrEqual(4096);
  expect(headerOf(built?.frame ?? new Uint8Array()).parts).toMatchObject([
    { spool: idOf(1), count: 1 },
    { spool: idOf(3), count: 2 },
  ]);
  expect(built?.behind).toEqual([idOf(0), idOf(2)]);
  expect(buildBatch(1, news.slice(0, 1), 4096, 4096)).toBeNull();
});
