import fc from "fast-check";
import { expect, test } from "vitest";
import { runLimits, type RunLimit } from "@longwire/shared/run-limits.ts";
import { beginWatch, judgeLimits, limitLookMs, nextLookMs, noteActivity, passTime } from "./limit-watch.ts";

const little = { memory_bytes: 1, cpu_ms: 1, open_files: 1 };
const much = { memory_bytes: 100, cpu_ms: 100, open_files: 100 };

/** What reaches a limit of 100 of each kind. */
const reaching: Readonly<Record<RunLimit, (watch: ReturnType<typeof beginWatch>) => ReturnType<typeof judgeLimits>>> = {
  run_ms: (watch) => judgeLimits(noteActivity(passTime(watch, 100), 0), null),
  idle_ms: (watch) => judgeLimits(passTime(watch, 100), null),
  output_bytes: (watch) => judgeLimits(noteActivity(watch, 100), null),
  memory_bytes: (watch) => judgeLimits(judgeLimits(watch, much).watch, much),
  cpu_ms: (watch) => judgeLimits(judgeLimits(watch, much).watch, much),
  open_files: (watch) => judgeLimits(judgeLimits(watch, much).watch, much),
};

test("[P30] each limit is reached by its own measure, and none holds unless it is set", () => {
  for (const limit of runLimits) {
    expect(reaching[limit](beginWatch({ [limit]: 100 })).reached).toEqual({ limit, value: 100, allowed: 100 });
    expect(reaching[limit](beginWatch({ [limit]: 101 })).reached).toBeNull();
    expect(reaching[limit](beginWatch({})).reached).toBeNull();
  }
});

test("[P30] one sample over a limit is not enough, nor are two with one below between them", () => {
  let watch = beginWatch({ memory_bytes: 100 });
  for (const usage of [much, little, much]) {
    const judged = judgeLimits(watch, usage);
    expect(judged.reached).toBeNull();
    ({ watch } = judged);
  }
  expect(judgeLimits(watch, much).reached).not.toBeNull();
});

test("[P30] time that the machine slept does not count, and the next look is never late", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -1e9, max: 1e9 })), fc.integer({ min: 1, max: 1e6 }), (pauses, run_ms) => {
      let watch = beginWatch({ run_ms });
      for (const pause of pauses) {
        const before = watch.ranMs;
        watch = passTime(watch, pause);
        expect(watch.ranMs - before).toBeLessThanOrEqual(2 * limitLookMs);
        expect(watch.ranMs).toBeGreaterThanOrEqual(before);
        if (watch.ranMs < run_ms) expect(watch.ranMs + nextLookMs(watch)).toBeLessThan(run_ms + 1);
      }
    }),
  );
});
