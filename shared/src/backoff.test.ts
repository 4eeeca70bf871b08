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
  expect(backoffMs(0, 0.999)).toBe(backoffMinMs);
  expect(backoffMs(20, 0.999_999)).toBeCloseTo(backoffMaxMs, 0);
});
