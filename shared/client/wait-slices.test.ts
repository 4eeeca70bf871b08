import { expect, test } from "vitest";
import { waitEndings } from "../src/api/views.ts";
import { maxWaitMs } from "../src/limits.ts";
import { nextSlice, sliceMs } from "./wait-slices.ts";

test.each(waitEndings)("[R52] a wait that ended by %s goes on only where nothing of it was decided", (by) => {
  const next = nextSlice({ ended_by: by, next_cursor: "1.20" }, 70_000);
  const goesOn = by === "time_up" || by === "budget";
  expect(next).toEqual(goesOn ? { type: "ask", after: "1.20", waitMs: maxWaitMs } : { type: "done" });
});

test("[R52] the last bounded wait takes what time is left, and what is stored is read to its end after that", () => {
  expect(sliceMs(Infinity)).toBe(maxWaitMs);
  expect(sliceMs(1234.5)).toBe(1234);
  expect(sliceMs(-1)).toBe(0);
  expect(nextSlice({ ended_by: "time_up", next_cursor: "1.0" }, 0)).toEqual({ type: "done" });
  expect(nextSlice({ ended_by: "budget", next_cursor: "1.9" }, -5)).toEqual({ type: "ask", after: "1.9", waitMs: 0 });
});
