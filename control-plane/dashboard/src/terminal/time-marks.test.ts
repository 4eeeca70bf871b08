import fc from "fast-check";
import { expect, test } from "vitest";
import { lastMarkAt, timeText } from "./time-marks.ts";

test("[R84] a line has the time of the last mark that is not below it", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), fc.nat(60), (unsorted, line) => {
      const lines = unsorted.toSorted((a, b) => a - b);
      expect(lastMarkAt(lines, line)).toBe(lines.findLastIndex((one) => one <= line));
    }),
  );
});

test("[R84] a time is told to the tenth of a second", () => {
  expect(timeText(new Date(2026, 0, 2, 3, 4, 5, 678).toISOString())).toBe("03:04:05.6");
});
