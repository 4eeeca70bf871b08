import { expect, test } from "vitest";
import type { ViewerEvent } from "../src/read-viewer-frame.ts";
import { RangeRead } from "./range-read.ts";

const range = { process: "p1", run: 1, from: 4, to: 10 };
const of = { process_id: "p1", run: 1, timestamp: "2026-11-21T00:00:00.000Z", seq: 1 };
const output = (offset: number, size: number): ViewerEvent => ({
  ...of,
  type: "output",
  offset,
  payload: new Uint8Array(size).fill(offset),
});

/** What a read of bytes 4 to 10 makes of the events, as ranges. */
async function read(...events: ViewerEvent[]): Promise<unknown[]> {
  const reading = new RangeRead(range);
  for (const event of events) reading.take(event);
  expect(reading.isDone).toBe(true);
  return (await reading.steps).map((step) => {
    if (step.type === "bytes") return [step.offset, step.offset + step.bytes.byteLength];
    return step.type === "hole" ? [step.from, step.to, step.reason] : step;
  });
}

test("[R82] a stretch of output has its bytes and no more, whatever pieces they came in", async () => {
  expect(await read(output(0, 3), output(3, 3), output(6, 90))).toEqual([
    [4, 6],
    [6, 10],
  ]);
});

test("[R82] what is gone of a stretch is told, up to its end", async () => {
  expect(await read(output(5, 2), output(20, 1))).toEqual([
    [4, 5, "expired"],
    [5, 7],
    [7, 10, "expired"],
  ]);
  const gap: ViewerEvent = { ...of, type: "gap", from_offset: 5, to_offset: 50, reason: "overflow" };
  expect(await read(output(4, 1), gap)).toEqual([
    [4, 5],
    [5, 10, "overflow"],
  ]);
  const reading = new RangeRead(range);
  reading.finish();
  reading.take(output(4, 6));
  expect(await reading.steps).toEqual([{ type: "hole", from: 4, to: 10, reason: "expired" }]);
});

test("[R82] a stretch ends with its run", async () => {
  expect(await read(output(4, 2), { ...of, type: "exited" })).toEqual([
    [4, 6],
    [6, 10, "expired"],
  ]);
});
