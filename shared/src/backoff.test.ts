import fc from "fast-check";
import { expect, test } from "vitest";
import { backoffMs } from "./backoff.ts";
import { backoffMaxMs, backoffMinMs } from "./limits.ts";

test("[D5] delays stay within their bounds, and their ceiling grows with the failures", () => {
  fc.assert(
    fc.property(fc.nat(1e6), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, random) => {
      const delay = backoffMs(failures, random);
      expect(delay).toBeGreaterThanOrEqual(backoffMinMs);
      expect(delay).toBeLessThanOrEqual(backoffMaxMs);
    }),
  );
  expect(backoffMs(20, 0.999_999)).toBeCloseTo(backoffMaxMs, 0);
});

test("[D5] two hundred that lose their connection together try again spread over half of their window, the first time too", () => {
  for (const failures of [0, 1, 5, 20]) {
    const delays = Array.from({ length: 200 }, (_, at) => backoffMs(failures, at / 200));
    const window = Math.max(...delays);
    expect(window - Math.min(...delays)).toBeGreaterThan(window / 2);
  }
});
