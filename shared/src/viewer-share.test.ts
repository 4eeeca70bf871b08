import fc from "fast-check";
import { expect, test } from "vitest";
import { viewersInFlightBytes } from "./limits.ts";
import { leastShareBytes, ViewerShare } from "./viewer-share.ts";

const MiB = 1024 * 1024;

const shareOf = (inFlight: readonly number[]): ViewerShare<number> => {
  const share = new ViewerShare<number>();
  for (const [viewer, bytes] of inFlight.entries()) share.set(viewer, bytes * MiB);
  return share;
};

test.for<[string, number[], number, boolean]>([
  ["one alone may have more than its credit allows", [8], 8, false],
  ["one beside hoarders has its guarantee", [0, 8, 8, 8], 8, false],
  ["a hoarder draws on what the pool has left", [6, 8, 8], 32 - 22, true],
  [
    "within its guarantee it has the rest of that and of the pool",
    [2, 10, 10],
    16 / 3 - 2 + (16 - 2 * (10 - 16 / 3)),
    false,
  ],
  ["beyond its guarantee, the pool exhausted", [5, 9, 9, 9], 0, true],
  ["a newcomer to a full house gets next to nothing", [0, 8, 8, 8, 8], leastShareBytes / MiB, false],
  ["and waits with it in flight", [0.1, 8, 8, 8, 8], 0, false],
])("[R17] %s", ([, inFlight, allowance, isAtFault]) => {
  const share = shareOf(inFlight);
  expect(share.allowance(0) / MiB).toBeCloseTo(allowance, 4);
  expect(share.holdsItsGuarantee(0)).toBe(isAtFault);
});

test("[R17] viewers that come, take all they may and give back at random keep within the bound and one event each", () => {
  const event = 64 * 1024;
  const step = fc.record({ viewer: fc.nat(60), takes: fc.boolean(), bytes: fc.nat(4 * MiB) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const share = new ViewerShare<number>();
      const held = new Map<number, number>();
      for (const { viewer, takes, bytes } of steps) {
        const before = held.get(viewer) ?? 0;
        share.set(viewer, before);
        const allowance = share.allowance(viewer);
        const sent = allowance > 0 ? Math.min(bytes, allowance - 1) + event : 0;
        const after = takes ? before + sent : Math.max(0, before - bytes);
        held.set(viewer, after);
        share.set(viewer, after);
        const sum = [...held.values()].reduce((total, one) => total + one, 0);
        expect(share.total).toBe(sum);
        expect(sum).toBeLessThanOrEqual(viewersInFlightBytes + held.size * (event + leastShareBytes));
      }
      // Whoever gives all back gets on, whatever the others hold.
      for (const viewer of held.keys()) {
        share.set(viewer, 0);
        expect(share.allowance(viewer)).toBeGreaterThan(0);
        share.set(viewer, held.get(viewer) ?? 0);
      }
    }),
  );
});

test("[R17] whatever the others took, a viewer that was there before them has its guarantee", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(64), { minLength: 1, maxLength: 60 }), fc.nat(1000), (order, part) => {
      const share = new ViewerShare<number>();
      const others = 20;
      for (let viewer = 0; viewer <= others; viewer++) share.set(viewer, 0);
      const held = new Map<number, number>();
      for (const one of order) {
        const viewer = 1 + (one % others);
        const bytes = (held.get(viewer) ?? 0) + share.allowance(viewer);
        held.set(viewer, bytes);
        share.set(viewer, bytes);
      }
      const guarantee = Math.floor(viewersInFlightBytes / 2 / (others + 1));
      const mine = Math.floor((guarantee * part) / 1001);
      share.set(0, mine);
      expect(share.allowance(0)).toBeGreaterThanOrEqual(guarantee - mine);
      share.delete(0);
      expect(share.total).toBe([...held.values()].reduce((sum, one) => sum + one, 0));
    }),
  );
});
