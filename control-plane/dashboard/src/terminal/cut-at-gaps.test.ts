import { expect, test } from "vitest";
import { cutAtGaps, type Gap } from "./cut-at-gaps.ts";

const gone = (from: number, to: number | null, reason = "expired"): Gap => ({
  from_offset: from,
  to_offset: to,
  reason,
});
const hole = (from: number, to: number, reason = "expired") => ({ type: "hole", from, to, reason });
const text = (offset: number, bytes: string) => ({
  ...{ type: "bytes", offset, timestamp: "" },
  bytes: new TextEncoder().encode(bytes),
});

test.for<{ gaps: Gap[]; there: string; steps: object[] }>([
  { gaps: [], there: "abcdef", steps: [text(10, "abcdef")] },
  { gaps: [gone(0, 14)], there: "ef", steps: [hole(10, 14), text(14, "ef")] },
  {
    gaps: [gone(0, 11), gone(13, 15, "overflow")],
    there: "bcf",
    steps: [hole(10, 11), text(11, "bc"), hole(13, 15, "overflow"), text(15, "f")],
  },
  { gaps: [gone(2, 30)], there: "", steps: [hole(10, 16)] },
  { gaps: [gone(12, null, "torn")], there: "ab", steps: [text(10, "ab"), hole(12, 16, "torn")] },
  { gaps: [gone(2, 10), gone(16, 20)], there: "abcdef", steps: [text(10, "abcdef")] },
])(
  "[R85] what is left of a stretch stands at its places, and what is gone between: $gaps",
  ({ gaps, there, steps }) => {
    expect(cutAtGaps(10, 16, gaps, new TextEncoder().encode(there))).toEqual(steps);
  },
);
