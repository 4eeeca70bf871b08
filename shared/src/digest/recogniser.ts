// What knows one tool's output. Each line is shown to all of them; one that a recogniser knows is no business of the
// general one any more.

import type { Line } from "../render/line.ts";
import type { Findings } from "./findings.ts";

export interface Recogniser {
  /** Whether the line is this tool's. Patterns begin at the line's beginning and take time linear in it. */
  readonly take: (line: Line, findings: Findings) => boolean;
  /** The output is over; what was held back is told. */
  readonly end?: (findings: Findings) => void;
}

/** The numbers of a tool's totals: `3 failed | 4 passed (8)` or `2 failed, 1 error`. */
export function readCounts(text: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [, number, word] of text.matchAll(/(\d{1,9}) ([a-z]{2,20})/g)) counts.set(word!, Number(number));
  return counts;
}
