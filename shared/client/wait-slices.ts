// A wait of any length over the control plane's bounded ones: each goes on from the cursor of the one before, so that no
// line falls between two of them.
//
//   ask ──time_up, budget──► ask from `next_cursor` ──match, exit, port…──► the answer
//    └──time_up, and the time of the whole is up────────────────────────────────▲

import type { WaitAnswer } from "../src/api/views.ts";
import { maxWaitMs } from "../src/limits.ts";

export type NextSlice =
  | { readonly type: "done" }
  /** `after` is where to go on, `waitMs` how long at most. */
  | { readonly type: "ask"; readonly after: string; readonly waitMs: number };

/** How long the next bounded wait may take; 0 where the time is up. */
export function sliceMs(leftMs: number): number {
  return Math.floor(Math.min(maxWaitMs, Math.max(0, leftMs)));
}

/** What follows an answer when `leftMs` of the whole wait's time are left. */
export function nextSlice(answer: Pick<WaitAnswer, "ended_by" | "next_cursor">, leftMs: number): NextSlice {
  const { ended_by: by, next_cursor: after } = answer;
  const goesOn = by === "time_up" || by === "budget";
  // What is stored is searched to its end, whatever the time; a wait of no time does just that.
  if (!goesOn || (by === "time_up" && leftMs <= 0)) return { type: "done" };
  return { type: "ask", after, waitMs: sliceMs(leftMs) };
}
