import fc from "fast-check";
import { expect, test } from "vitest";
import { latestBehindBytes, latestTailBytes, maxSkippedRuns } from "./limits.ts";
import { SkippedOutput, type PlacedOutput } from "./skipped-output.ts";
import { controlFrameSchema } from "./viewer-frame.ts";

const KiB = 1024;
const of = { process: "p1", run: 1 };

test.for([
  { lag: latestBehindBytes, credit: 0, skips: false },
  { lag: latestBehindBytes + 1, credit: 0, skips: true },
  { lag: latestBehindBytes + 1, credit: -1, skips: true },
  { lag: latestBehindBytes + 1, credit: latestBehindBytes + 1, skips: false },
  { lag: 900 * KiB, credit: 899 * KiB, skips: true },
  { lag: 900 * KiB, credit: 900 * KiB, skips: false },
])("[R80] $lag bytes behind with a credit of $credit: skipped $skips", ({ lag, credit, skips }) => {
  const skipped = new SkippedOutput(credit);
  expect(skipped.takes(1, { ...of, offset: 500, size: 10, printed: 500 + lag })).toBe(skips);
  const runs = [{ process_id: "p1", run: 1, from_offset: 500, to_offset: 510 }];
  const told = skips ? { type: "skipped", subscription: 3, from_seq: 1, to_seq: 1, runs } : null;
  expect(skipped.report(3)).toEqual(told);
  expect(skipped.report(3)).toBeNull();
});

test("[R80] the run's last piece is not skipped, nor an event that reaches into it", () => {
  const printed = latestBehindBytes + 1;
  const skipped = new SkippedOutput(0);
  const until = printed - latestTailBytes;
  expect(skipped.takes(1, { ...of, offset: 0, size: until - 1, printed })).toBe(true);
  expect(skipped.takes(2, { ...of, offset: until - 1, size: 1, printed })).toBe(true);
  expect(skipped.takes(4, { ...of, offset: until, size: 1, printed })).toBe(false);
  expect(skipped.report(1)).toMatchObject({ from_seq: 1, to_seq: 2, runs: [{ from_offset: 0, to_offset: until }] });
});

test("[R80] what is skipped of one run is no matter of another's", () => {
  const skipped = new SkippedOutput(0);
  const far = { printed: 10 * latestBehindBytes, size: 100 };
  expect(skipped.takes(1, { ...of, offset: 0, ...far })).toBe(true);
  expect(skipped.takes(2, { process: "p1", run: 2, offset: 0, size: 100, printed: 100 })).toBe(false);
  expect(skipped.takes(3, { process: "p2", run: 1, offset: 7, ...far })).toBe(true);
  expect(skipped.report(1)).toEqual({
    type: "skipped",
    subscription: 1,
    from_seq: 1,
    to_seq: 3,
    runs: [
      { process_id: "p1", run: 1, from_offset: 0, to_offset: 100 },
      { process_id: "p2", run: 1, from_offset: 7, to_offset: 107 },
    ],
  });
});

test("[R80] of more runs than one message can tell nothing is skipped", () => {
  const skipped = new SkippedOutput(0);
  const takes = Array.from({ length: maxSkippedRuns + 1 }, (_, run) =>
    skipped.takes(run + 1, { process: "p1", run, offset: 0, size: 1, printed: 10 * latestBehindBytes }),
  );
  expect(takes.indexOf(false)).toBe(maxSkippedRuns);
  expect(controlFrameSchema.safeParse(skipped.report(1)).success).toBe(true);
});

/** Prints in turns, of any of three runs; after each a viewer with some credit is served what is new, its reports at any time. */
const turn = fc.record({
  prints: fc.array(fc.record({ run: fc.integer({ min: 1, max: 3 }), size: fc.integer({ min: 1, max: 64 * KiB }) }), {
    maxLength: 20,
  }),
  isServed: fc.boolean(),
  credit: fc.integer({ min: -64 * KiB, max: 1024 * KiB }),
  reportsAfter: fc.integer({ min: 0, max: 20 }),
});

test("[R80] what is sent and what is told to be skipped are together each byte once, in order", () => {
  fc.assert(
    fc.property(fc.array(turn, { maxLength: 20 }), (turns) => {
      const printed = new Map<number, number>();
      const waiting: { seq: number; event: Omit<PlacedOutput, "printed"> }[] = [];
      const stands = new Map<number, number>();
      let seq = 0;
      for (const { prints, isServed, credit, reportsAfter } of [...turns, { ...lastTurn }]) {
        for (const { run, size } of prints) {
          const offset = printed.get(run) ?? 0;
          printed.set(run, offset + size);
          waiting.push({ seq: ++seq, event: { process: "p1", run, offset, size } });
        }
        if (!isServed) continue;
        const skipped = new SkippedOutput(credit);
        const tell = (): void => {
          for (const { run, from_offset, to_offset } of skipped.report(1)?.runs ?? []) {
            expect(from_offset).toBe(stands.get(run) ?? 0);
            stands.set(run, to_offset);
          }
        };
        for (const [at, { seq: one, event }] of waiting.splice(0).entries()) {
          const { run, offset, size } = event;
          const end = printed.get(run) ?? 0;
          if (skipped.takes(one, { ...event, printed: end })) {
            expect(offset + size).toBeLessThanOrEqual(end - latestTailBytes);
            if (at === reportsAfter) tell();
            continue;
          }
          tell();
          expect(offset).toBe(stands.get(run) ?? 0);
          stands.set(run, offset + size);
        }
        tell();
      }
      expect(Object.fromEntries(stands)).toEqual(Object.fromEntries(printed));
    }),
  );
});

const lastTurn = { prints: [], isServed: true, credit: 0, reportsAfter: 0 };
