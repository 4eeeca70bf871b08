// Draws a stretch of output: its bytes as they are, and a line of the page's own where some are missing.

import type { DrawnStep } from "./loaded-output.ts";
import type { Screen } from "./screen.ts";

/** Resolves once all is drawn. `at` is told the offset of each piece as its turn comes, `open` where a notice leads to. */
export async function drawSteps(
  screen: Screen,
  steps: readonly DrawnStep[],
  open: (offset: number) => void,
  at: (offset: number) => void,
): Promise<void> {
  for (const step of steps) {
    if (step.type === "bytes") {
      // A callback comes when what was written before it is drawn, so this stands where the piece begins.
      void screen.write("", () => {
        at(step.offset);
        if (step.timestamp !== "") screen.times.mark(step.timestamp);
      });
      void screen.write(step.bytes);
    } else if (step.type === "skipped") {
      const { from, to } = step;
      screen.notices.write(`${sizeText(to - from)} not shown here. Show them`, () => open(from));
    } else screen.notices.write(lossText(step), null);
  }
  await screen.write("");
}

function lossText({ from, to, reason }: Extract<DrawnStep, { type: "hole" }>): string {
  const size = to === null ? "Output" : sizeText(to - from);
  return reason === "expired" ? `${size} gone: the log keeps only so much` : `${size} lost on the machine (${reason})`;
}

export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export interface Halves {
  readonly before: readonly DrawnStep[];
  readonly behind: readonly DrawnStep[];
}

/** What is printed before `offset`, and the rest. */
export function splitAt(steps: readonly DrawnStep[], offset: number): Halves {
  const before: DrawnStep[] = [];
  const behind: DrawnStep[] = [];
  for (const step of steps) {
    const begin = step.type === "bytes" ? step.offset : step.from;
    if (begin >= offset) behind.push(step);
    else if (step.type !== "bytes" || begin + step.bytes.byteLength <= offset) before.push(step);
    else {
      before.push({ ...step, bytes: step.bytes.subarray(0, offset - begin) });
      behind.push({ ...step, offset, bytes: step.bytes.subarray(offset - begin) });
    }
  }
  return { before, behind };
}
