import { expect, test } from "vitest";
import { sizeText, splitAt } from "./draw-steps.ts";
import type { DrawnStep } from "./loaded-output.ts";

const bytes = (offset: number, text: string): DrawnStep => ({
  type: "bytes",
  offset,
  bytes: new TextEncoder().encode(text),
  timestamp: "",
});
const skipped: DrawnStep = { type: "skipped", from: 4, to: 9 };

test.for([
  { at: 0, before: [], behind: [bytes(0, "abcd"), skipped, bytes(9, "xyz")] },
  { at: 2, before: [bytes(0, "ab")], behind: [bytes(2, "cd"), skipped, bytes(9, "xyz")] },
  { at: 4, before: [bytes(0, "abcd")], behind: [skipped, bytes(9, "xyz")] },
  { at: 6, before: [bytes(0, "abcd"), skipped], behind: [bytes(9, "xyz")] },
  { at: 11, before: [bytes(0, "abcd"), skipped, bytes(9, "xy")], behind: [bytes(11, "z")] },
  { at: 99, before: [bytes(0, "abcd"), skipped, bytes(9, "xyz")], behind: [] },
])("[R84] output is parted at $at, nothing twice and nothing lost", ({ at, before, behind }) => {
  expect(splitAt([bytes(0, "abcd"), skipped, bytes(9, "xyz")], at)).toEqual({ before, behind });
});

test("[R84] a size is told in few figures", () => {
  expect([999, 1000, 64_321, 3_210_000, 250_000_000].map(sizeText)).toEqual([
    "999 bytes",
    "1 kB",
    "64 kB",
    "3.2 MB",
    "250.0 MB",
  ]);
});
