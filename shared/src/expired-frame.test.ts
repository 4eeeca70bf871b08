import { expect, test } from "vitest";
import { expiredAfter, readExpired } from "./expired-frame.ts";

test.each([
  [0, 1, null],
  [9, 10, null],
  [50, 10, null],
  [8, 10, { type: "expired", from_seq: 9, to_seq: 9 }],
  [0, 10, { type: "expired", from_seq: 1, to_seq: 9 }],
])("[R9] a viewer that has all up to %i of a log that begins at %i", (cursor, earliest, frame) => {
  expect(expiredAfter(cursor, earliest)).toEqual(frame);
});

test("[R9] the frame is told from events, whatever these hold", () => {
  const frame = { type: "expired", from_seq: 1, to_seq: 9 };
  expect(readExpired(JSON.stringify(frame))).toEqual(frame);
  expect(readExpired(JSON.stringify({ seq: 3, type: "output", data: JSON.stringify(frame) }))).toBeNull();
  expect(readExpired("{}")).toBeNull();
});
