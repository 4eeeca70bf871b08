import { expect, test } from "vitest";
import { ToldMatches } from "./told-matches.ts";

const line = (end: number): { text: string; end: number } => ({ text: `line ${end}`, end });

test("[R65] the first line that matches is told at once, and of many in a row the last of each second", () => {
  const told = new ToldMatches();
  expect(told.take(line(1), 0)).toEqual({ ...line(1), skipped: 0 });
  expect([2, 3, 4].map((end) => told.take(line(end), 10 * end))).toEqual([null, null, null]);
  expect(told.dueAt).toBe(1000);
  expect(told.takeDue(999)).toBeNull();
  expect(told.takeDue(1000)).toEqual({ ...line(4), skipped: 2 });
  expect([told.dueAt, told.takeDue(5000)]).toEqual([Infinity, null]);
  expect(told.take(line(5), 5000)).toEqual({ ...line(5), skipped: 0 });
  expect(told.take(line(6), 5001)).toBeNull();
  expect(told.take(line(7), 6000)).toEqual({ ...line(7), skipped: 1 });
});

test("[R65] at a run's end what was held is told", () => {
  const told = new ToldMatches();
  told.take(line(1), 0);
  told.take(line(2), 1);
  expect(told.takeHeld(2)).toEqual({ ...line(2), skipped: 0 });
  expect(told.takeHeld(2)).toBeNull();
});
