import fc from "fast-check";
import { expect, test } from "vitest";
import { defaultStartsPerMinute } from "./limits.ts";
import { readStartQuota, takeStart } from "./start-quota.ts";

/** The times of those of `tries` that got through. */
function run(perMinute: number, tries: readonly number[]): number[] {
  let spentUntil = 0;
  return tries.filter((now) => {
    const verdict = takeStart(spentUntil, perMinute, now);
    if (verdict.type === "taken") spentUntil = verdict.spentUntil;
    return verdict.type === "taken";
  });
}

test("[T36] no minute sees more starts than the quota, and whoever waits as told gets through", () => {
  const steps = fc.array(fc.integer({ min: 0, max: 3000 }), { maxLength: 400 });
  fc.assert(
    fc.property(fc.integer({ min: 2, max: 120 }), steps, (perMinute, waits) => {
      let now = 1_700_000_000_000;
      const taken = run(
        perMinute,
        waits.map((wait) => (now += wait)),
      );
      for (const [at, first] of taken.entries()) {
        expect(taken.slice(at).filter((time) => time < first + 60_000).length).toBeLessThanOrEqual(perMinute);
      }
    }),
  );
});

test("[T36] two thirds go at once, then one after the other, each after the time that was told", () => {
  expect(run(90, Array<number>(200).fill(0))).toHaveLength(60);
  let spentUntil = 0;
  for (let count = 0; count < 60; count++) {
    const verdict = takeStart(spentUntil, 90, 0);
    if (verdict.type === "taken") ({ spentUntil } = verdict);
  }
  expect(takeStart(spentUntil, 90, 0)).toEqual({ type: "over", retryAfterMs: 2000 });
  expect(takeStart(spentUntil, 90, 1999)).toEqual({ type: "over", retryAfterMs: 1 });
  expect(takeStart(spentUntil, 90, 2000)).toMatchObject({ type: "taken" });
});

test("[T36] a hundred starts in a minute meet the default, however they are spread", () => {
  for (const everyMs of [0, 100, 590]) {
    const tries = Array.from({ length: 100 }, (_, at) => at * everyMs);
    expect(run(defaultStartsPerMinute, tries).length).toBeLessThan(100);
  }
});

test("[T36] a clock that is set back keeps nobody waiting for longer than the quota does", () => {
  const verdict = takeStart(5_000_000_000, 90, 1_000_000_000);
  expect(verdict).toEqual({ type: "over", retryAfterMs: 2000 });
});

test("[T36] a quota is a whole number from 1 on; where none is written the default holds", () => {
  expect(readStartQuota(undefined)).toBe(defaultStartsPerMinute);
  expect(readStartQuota("1")).toBe(1);
  for (const text of ["", "0", "-1", "1.5", "many", "01", "9999999999"]) expect(readStartQuota(text)).toBeNull();
  expect(run(1, [0, 30_000, 59_999, 60_000])).toEqual([0, 60_000]);
});
