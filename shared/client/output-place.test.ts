import fc from "fast-check";
import { expect, test } from "vitest";
import type { ViewerEvent } from "../src/read-viewer-frame.ts";
import { OutputPlace, type OutputStep } from "./output-place.ts";

const of = { process_id: "p1", run: 2, timestamp: "2026-11-21T00:00:00.000Z", seq: 1 };
const text = (steps: readonly OutputStep[]): unknown[] =>
  steps.map((step) => (step.type === "bytes" ? [step.offset, new TextDecoder().decode(step.bytes)] : step));
const output = (offset: number, data: string, run = 2): ViewerEvent => ({
  ...of,
  run,
  type: "output",
  offset,
  payload: new TextEncoder().encode(data),
});
const gap = (from: number, to: number | null): ViewerEvent => ({
  ...of,
  type: "gap",
  from_offset: from,
  to_offset: to,
  reason: "overflow",
});
const hole = (from: number, to: number | null, reason = "expired"): OutputStep => ({ type: "hole", from, to, reason });

test.for([
  { name: "what is new of an output", events: [output(0, "abcdef")], gives: [[2, "cdef"]] },
  { name: "nothing of what it has", events: [output(0, "ab")], gives: [] },
  { name: "what is missing in between", events: [output(5, "f")], gives: [hole(2, 5), [5, "f"]] },
  { name: "the new part of a gap", events: [gap(0, 6)], gives: [hole(2, 6, "overflow")] },
  { name: "a gap at the end", events: [gap(4, null)], gives: [hole(2, 4), hole(4, null, "overflow")] },
  { name: "nothing of an earlier run", events: [output(0, "abcdef", 1)], gives: [] },
  { name: "nothing of another process", events: [{ ...output(0, "abcdef"), process_id: "p2" }], gives: [] },
  { name: "nothing of other events", events: [{ ...of, type: "ready" }], gives: [] },
])("[R82] at offset 2 a reader takes $name", ({ events, gives }) => {
  const place = new OutputPlace("p1", 2, 2, true);
  expect(text(events.flatMap((event) => place.takeEvent(event)))).toEqual(gives);
});

test("[R82] a run ends with its exit, its failure, or the next run's beginning", () => {
  for (const event of [
    { ...of, type: "exited", returncode: 0 },
    { ...of, type: "failed" },
    { ...of, run: 3, type: "state" },
  ]) {
    expect(new OutputPlace("p1", 2, 0, true).takeEvent(event)).toEqual([{ type: "end", event }]);
  }
});

test("[R82] where it begins matters only to one that was there before", () => {
  const fresh = new OutputPlace("p1", 2, 10, false);
  expect(text([...fresh.takeEvent(output(12, "a")), ...fresh.takeEvent(output(14, "b"))])).toEqual([
    [12, "a"],
    hole(13, 14),
    [14, "b"],
  ]);
});

const piece = fc.record({ size: fc.integer({ min: 1, max: 9 }), kind: fc.constantFrom("output", "skipped", "gap") });

test("[R82] whatever comes again after a broken connection, each byte is taken once and in order", () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(30), { maxLength: 4 }), (pieces, breaks) => {
      let at = 0;
      const all = pieces.map(({ size, kind }) => ({ kind, from: at, to: (at += size) }));
      const place = new OutputPlace("p1", 2, 0, true);
      const steps: OutputStep[] = [];
      const give = (one: (typeof all)[number]): void => {
        const { kind, from, to } = one;
        if (kind === "gap") steps.push(...place.takeEvent(gap(from, to)));
        else if (kind === "output") steps.push(...place.takeEvent(output(from, "x".repeat(to - from))));
        else steps.push(...place.takeSkipped({ process_id: "p1", run: 2, from_offset: from, to_offset: to }));
      };
      for (const [index, one] of all.entries()) {
        give(one);
        // What it has comes again from a place further back.
        for (const back of breaks) if (back === index) for (const again of all.slice(0, index)) give(again);
      }
      let reached = 0;
      for (const step of steps) {
        if (step.type === "end") throw new Error("nothing ended");
        const [from, to] =
          step.type === "bytes" ? [step.offset, step.offset + step.bytes.byteLength] : [step.from, step.to ?? 0];
        expect(from).toBe(reached);
        reached = to;
      }
      expect(reached).toBe(at);
      expect(place.offset).toBe(at);
    }),
  );
});
