import { expect, test } from "vitest";
import { tallyLines } from "./tally-lines.ts";

test.for([
  { arrived: "1\n2\n3\n", tally: { lost: 0, doubled: 0, disordered: 0 } },
  { arrived: "1\n3\n", tally: { lost: 1, doubled: 0, disordered: 0 } },
  { arrived: "1\n2\n2\n3\n", tally: { lost: 0, doubled: 1, disordered: 0 } },
  { arrived: "2\n1\n3\n", tally: { lost: 0, doubled: 0, disordered: 1 } },
])("[D2] the tally of three lines that arrived as $arrived", ({ arrived, tally }) => {
  expect(tallyLines("1\n2\n3\n", arrived)).toEqual(tally);
});
