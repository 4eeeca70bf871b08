import fc from "fast-check";
import { expect, test } from "vitest";
import { linkQueueBytes, linkWindowBytes, minLinkWindowBytes } from "@longwire/shared/limits.ts";
import { adjustWindow, firstWindow, type AckSample } from "./window.ts";

test.each<[string, AckSample[], number]>([
  ["nothing known", [], minLinkWindowBytes],
  ["little in a long time", [{ bytes: 100, tookMs: 900, wasFull: true }], minLinkWindowBytes],
  ["1000 bytes/ms over 50 ms", [{ bytes: 50_000, tookMs: 50, wasFull: false }], 250_000],
  ["1000 bytes/ms at once", [{ bytes: 100, tookMs: 0.1, wasFull: false }], 200_100],
  ["a fast link a long way off", [{ bytes: 1_000_000, tookMs: 50, wasFull: false }], linkWindowBytes],
  ["no time at all", [{ bytes: 100_000, tookMs: 0, wasFull: false }], 100_000 + linkQueueBytes],
  [
    "a quiet time after a fast one changes nothing",
    [
      { bytes: 50_000, tookMs: 50, wasFull: true },
      { bytes: 10, tookMs: 50, wasFull: false },
    ],
    250_000,
  ],
  [
    "a slower link is believed bit by bit",
    [
      { bytes: 50_000, tookMs: 50, wasFull: true },
      { bytes: 50_000, tookMs: 100, wasFull: true },
    ],
    218_750,
  ],
])("[D23] the window after: %s", (_, samples, bytes) => {
  expect(samples.reduce(adjustWindow, firstWindow).bytes).toBe(bytes);
});

test("[D23] the window stays between its bounds, whatever is acknowledged", () => {
  const sample = fc.record({
    bytes: fc.nat(64 * linkWindowBytes),
    tookMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    wasFull: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(sample), (samples) => {
      let window = firstWindow;
      for (const one of samples) {
        window = adjustWindow(window, one);
        expect(window.bytes).toBeGreaterThanOrEqual(minLinkWindowBytes);
        expect(window.bytes).toBeLessThanOrEqual(linkWindowBytes);
      }
    }),
  );
});

/** A flood over a link of `rate` bytes/ms that needs `tripMs` there and back; what passed in the last half of the time, and the longest wait then. */
function flood(rate: number, tripMs: number, totalMs: number): { readonly used: number; readonly waitMs: number } {
  let window = firstWindow;
  let now = 0;
  let freeAt = 0;
  let acknowledged = 0;
  let passed = 0;
  let waitMs = 0;
  const inFlight: { bytes: number; sentAt: number; ackAt: number; before: number; wasFull: boolean }[] = [];
  while (now < totalMs) {
    const flying = inFlight.reduce((sum, one) => sum + one.bytes, 0);
    const room = window.bytes - flying;
    if (room > 0 && inFlight.length < 2) {
      const bytes = Math.min(room, Math.ceil(window.bytes / 2));
      freeAt = Math.max(freeAt, now) + bytes / rate;
      inFlight.push({
        bytes,
        sentAt: now,
        ackAt: freeAt + tripMs,
        before: acknowledged,
        wasFull: inFlight.length === 1,
      });
      continue;
    }
    const [first] = inFlight.splice(0, 1);
    if (first === undefined) break;
    now = first.ackAt;
    acknowledged += first.bytes;
    const tookMs = now - first.sentAt;
    window = adjustWindow(window, { bytes: acknowledged - first.before, tookMs, wasFull: first.wasFull });
    if (now < totalMs / 2) continue;
    passed += first.bytes;
    waitMs = Math.max(waitMs, tookMs - tripMs);
  }
  return { used: passed / (totalMs / 2), waitMs };
}

test("[D23] a flood fills the link it has, and makes others wait no longer than it must", () => {
  const rate = fc.integer({ min: 20, max: 20_000 });
  fc.assert(
    fc.property(rate, fc.integer({ min: 1, max: 400 }), (bytesPerMs, tripMs) => {
      const { used, waitMs } = flood(bytesPerMs, tripMs, 60_000);
      // Two halves of the largest window are on their way at the most.
      const possible = Math.min(bytesPerMs, linkWindowBytes / (tripMs + linkWindowBytes / 2 / bytesPerMs));
      expect(used).toBeGreaterThan(0.75 * possible);
      // The least window alone takes this long.
      const least = minLinkWindowBytes / bytesPerMs;
      expect(waitMs).toBeLessThan(Math.max(600, 2 * least));
    }),
  );
});
