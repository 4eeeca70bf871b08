import fc from "fast-check";
import { expect, test } from "vitest";
import { flushAfterMs, flushBytes } from "@longwire/shared/limits.ts";
import { flushDelayMs, notePending, nothingPending } from "./flush-policy.ts";

const some = notePending(notePending(nothingPending, 100, 5000), 100, 5400);

test.for([
  { name: "somebody watches", pending: some, attended: true, now: 5400, delay: 0 },
  { name: "nobody watches", pending: some, attended: false, now: 5400, delay: flushAfterMs - 400 },
  { name: "nobody watches, and a second is over", pending: some, attended: false, now: 6001, delay: 0 },
  { name: "it is much", pending: notePending(some, flushBytes, 5400), attended: false, now: 5400, delay: 0 },
  { name: "it must not wait", pending: notePending(some, Infinity, 5400), attended: false, now: 5400, delay: 0 },
  { name: "it is a rest of before", pending: nothingPending, attended: false, now: 5400, delay: 0 },
])("[D20] where $name, a batch leaves after $delay ms", ({ pending, attended, now, delay }) => {
  expect(flushDelayMs(pending, attended, now)).toBe(delay);
});

test("[D20] however output comes, none of it waits longer than a second, and 64 KiB never wait", () => {
  const append = fc.record({ bytes: fc.nat(2 * flushBytes), afterMs: fc.nat(900) });
  fc.assert(
    fc.property(fc.array(append, { minLength: 1 }), fc.boolean(), (appends, attended) => {
      let pending = nothingPending;
      let now = 0;
      for (const { bytes, afterMs } of appends) {
        now += afterMs;
        pending = notePending(pending, bytes, now);
        const delay = flushDelayMs(pending, attended, now);
        expect(now + delay - (pending.since ?? now)).toBeLessThanOrEqual(
          Math.max(flushAfterMs, now - (pending.since ?? now)),
        );
        if (attended || pending.bytes >= flushBytes) expect(delay).toBe(0);
        if (delay === 0) pending = nothingPending;
      }
    }),
  );
});
