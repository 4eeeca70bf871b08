import { expect, test } from "vitest";
import { advanceLease, hasExpired, leaseTickMs, type Lease } from "./lease.ts";

const after = (leaseMs: number | null, steps: readonly [number, boolean][]): Lease =>
  steps.reduce((lease: Lease, [elapsedMs, attached]) => advanceLease(lease, elapsedMs, attached), {
    leaseMs,
    aloneMs: 0,
  });

test("[P14] a lease runs out after its time alone, and a runner begins it anew", () => {
  const alone = [leaseTickMs, false] as [number, boolean];
  expect(hasExpired(after(3000, [alone, alone]), false)).toBe(false);
  expect(hasExpired(after(3000, [alone, alone, alone]), false)).toBe(true);
  expect(hasExpired(after(3000, [alone, alone, [leaseTickMs, true], alone]), false)).toBe(false);
  expect(hasExpired(after(3000, [alone, alone, alone]), true)).toBe(false);
});

test("[P14] a lease of 0 ends with the runner, one of null never", () => {
  expect(hasExpired(after(0, []), false)).toBe(true);
  expect(hasExpired(after(0, []), true)).toBe(false);
  expect(
    hasExpired(
      after(
        null,
        Array.from({ length: 100 }, () => [1000, false]),
      ),
      false,
    ),
  ).toBe(false);
});

test("[P14] while the machine sleeps no time passes", () => {
  const lease = after(60_000, [[8 * 3600_000, false]]);
  expect(lease.aloneMs).toBeLessThanOrEqual(2 * leaseTickMs);
  expect(after(60_000, [[-5000, false]]).aloneMs).toBe(0);
});
