import fc from "fast-check";
import { expect, test } from "vitest";
import { fromWhatIsGone, fromWholeLine, LoadedOutput, maxLoadedBytes, type DrawnStep } from "./loaded-output.ts";

const bytes = (offset: number, size: number): DrawnStep => ({
  type: "bytes",
  offset,
  bytes: new Uint8Array(size),
  timestamp: "2026-11-21T00:00:00.000Z",
});

const act = fc.record({ isOlder: fc.boolean(), size: fc.integer({ min: 1, max: 400_000 }), isSkipped: fc.boolean() });

test("[R84] what is loaded is one stretch, bounded, whichever end it grows at", () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
      const start = 50_000_000;
      const loaded = new LoadedOutput(start);
      loaded.append([bytes(start, 10)]);
      for (const { isOlder, size, isSkipped } of acts) {
        if (isOlder) {
          const from = loaded.from - size;
          loaded.prepend(from, [bytes(from, size)]);
          expect(loaded.from).toBe(from);
        } else {
          const at = loaded.to;
          loaded.append([isSkipped ? { type: "skipped", from: at, to: at + size } : bytes(at, size)]);
          expect(loaded.to).toBe(at + size);
        }
        let reached = loaded.from;
        let held = 0;
        for (const step of loaded.steps) {
          const [from, to] =
            step.type === "bytes" ? [step.offset, step.offset + step.bytes.byteLength] : [step.from, step.to ?? 0];
          expect(from).toBe(reached);
          reached = to;
          held += step.type === "bytes" ? step.bytes.byteLength : 0;
        }
        expect(reached).toBe(loaded.to);
        expect(held).toBeLessThanOrEqual(maxLoadedBytes);
      }
    }),
  );
});

test("[R84] what is drawn begins with a whole line, unless it is the run's beginning", () => {
  const step = (text: string, offset: number): DrawnStep => ({
    ...(bytes(offset, 0) as Extract<DrawnStep, { type: "bytes" }>),
    bytes: new TextEncoder().encode(text),
  });
  expect(fromWholeLine([step("lf\nwhole\n", 7)], false)).toEqual([step("whole\n", 10)]);
  expect(fromWholeLine([step("lf\nwhole\n", 0)], true)).toEqual([step("lf\nwhole\n", 0)]);
  expect(fromWholeLine([step("lf\n", 7), step("next\n", 10)], false)).toEqual([step("next\n", 10)]);
  expect(fromWholeLine([step("no end", 7)], false)).toEqual([step("no end", 7)]);
  expect(fromWholeLine([], false)).toEqual([]);
});

test("[R84] of what is read again only what is new is drawn", () => {
  const loaded = new LoadedOutput(100);
  loaded.append([bytes(100, 50)]);
  const again: DrawnStep[] = [bytes(100, 50), bytes(140, 20), { type: "skipped", from: 160, to: 200 }, bytes(200, 1)];
  const places = loaded.news(again).map((step) => (step.type === "bytes" ? [step.offset, step.bytes.byteLength] : 0));
  expect(places).toEqual([[150, 10], 0, [200, 1]]);
});

test("[R85] what is gone reaches back to the beginning; what is lost on the machine does not", () => {
  const expired: DrawnStep = { type: "hole", from: 700, to: 900, reason: "expired" };
  expect(fromWhatIsGone([expired, bytes(900, 5)])).toEqual([{ ...expired, from: 0 }, bytes(900, 5)]);
  const lost: DrawnStep = { ...expired, reason: "overflow" };
  expect(fromWhatIsGone([lost, bytes(900, 5)])).toEqual([lost, bytes(900, 5)]);
  expect(fromWhatIsGone([bytes(700, 5), expired])).toEqual([bytes(700, 5), expired]);
});
