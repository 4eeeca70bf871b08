import { expect, test } from "vitest";
import { cpuPercent, keepTotals, sumUse, type MemberUse, type TreeUse } from "./tree-use.ts";

const member = (userMs: number, more: Partial<MemberUse> = {}): MemberUse => ({
  usage: { userMs, systemMs: 10, residentBytes: 1000 },
  handles: 3,
  transfer: { readBytes: 5, writtenBytes: 7 },
  ...more,
});

test("[P37] a tree's figures are the sums over its processes, of those that tell", () => {
  const silent = member(30, { handles: null, transfer: null });
  expect(sumUse([member(100), silent])).toEqual({
    userMs: 130,
    systemMs: 20,
    residentBytes: 2000,
    processes: 2,
    handles: 3,
    readBytes: 5,
    writtenBytes: 7,
  });
  expect(sumUse([silent])).toMatchObject({ handles: null, readBytes: null, writtenBytes: null });
  expect(sumUse([])).toMatchObject({ userMs: 0, processes: 0, handles: null });
});

test("[P37] totals never fall, and what is held now may", () => {
  const before = sumUse([member(100), member(100)]);
  const now = sumUse([member(150)]);
  expect(keepTotals(null, now)).toEqual(now);
  expect(keepTotals(before, now)).toEqual({
    userMs: 200,
    systemMs: 20,
    residentBytes: 1000,
    processes: 1,
    handles: 3,
    readBytes: 10,
    writtenBytes: 14,
  });
  expect(keepTotals(before, sumUse([]))).toMatchObject({ readBytes: 10, handles: null });
});

test("[P37] processor use is what was used between two looks, 100 for one processor", () => {
  const at = (userMs: number, systemMs: number): TreeUse => ({ ...sumUse([]), userMs, systemMs });
  expect(cpuPercent(at(100, 0), at(600, 250), 500)).toBe(150);
  expect(cpuPercent(at(100, 0), at(101, 0), 3000)).toBe(0);
  expect(cpuPercent(at(100, 0), at(110, 0), 300)).toBe(3.3);
  expect(cpuPercent(at(100, 50), at(100, 0), 500)).toBe(0);
  expect(cpuPercent(at(0, 0), at(100, 0), 0)).toBe(0);
});
