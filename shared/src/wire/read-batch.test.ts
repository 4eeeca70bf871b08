import fc from "fast-check";
import { expect, test } from "vitest";
import { mutateJson } from "../../node/fixtures/mutate.ts";
import { batchHeaderSchema } from "./batch.ts";
import { readBatchHeader } from "./read-batch.ts";

const part = { spool: "0123456789abcdef0123456789abcdef", from_record: 3, count: 3, check_before: 7, check_last: 8 };
const output = { type: "output", at: 1_790_000_000_000, process: "p12", run: 2, stream: "stdout", offset: 5, size: 20 };
const header = {
  batch: 4,
  parts: [part],
  facts: [output, { ...output, stream: "tty", size: 0 }, { type: "started", at: 1, process: "p1", run: 1, pid: 9 }],
};

test("[D7] [D9] a batch's header read by hand is what the schema makes of it", () => {
  expect(readBatchHeader(header)).toEqual(header);
  expect(readBatchHeader({ ...header, later: 1, facts: [{ ...output, later: 2 }] })).toEqual({
    ...header,
    facts: [output],
  });
});

test("[D7] whatever is wrong with a header, reading it by hand and the schema agree", () => {
  const seeds = fc.integer({ min: 1, max: 2 ** 31 - 1 });
  const seen = { taken: 0, refused: 0 };
  fc.assert(
    fc.property(seeds, fc.integer({ min: 1, max: 3 }), (seed, times) => {
      let state = seed;
      const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
      let value: unknown = header;
      for (let at = 0; at < times; at++) value = mutateJson(value, random);
      const expected = batchHeaderSchema.safeParse(value).data ?? null;
      seen[expected === null ? "refused" : "taken"]++;
      expect(readBatchHeader(value)).toEqual(expected);
    }),
    { numRuns: 3000 },
  );
  expect(seen.taken).toBeGreaterThan(100);
  expect(seen.refused).toBeGreaterThan(1000);
});
