import { expect, test } from "vitest";
import { flushAfterMs, flushBytes } from "@longwire/shared/limits.ts";
import { flushDelayMs, notePending, nothingPending } from "./flush-policy.ts";

const some = notePending(notePending(nothingPending, 100, 5000), 100, 5400);

test.for([
  { name: "somebody watches", pending: some, attended: true, now: 5400, delay: 0 },
  { name: "nobody watches", pending: some, attended: false, now: 5400, delay: flushAfterMs - 400 },
  { name: "nobody watches, and a second is over", pending: some, attended: false, now: 6001, delay: 0 },
  { name: "it is much", pending: notePending(some, flushBytes, 5400), attended: false, now: 5400, delay: 0 },
  { name: "it must not wait", pending: notePending(some, Infinity, 5400), attended: false, now: 5400, delay: 0 },
  { name: "it is a rest of before", pending: nothingPending, attended: false, now: 5400, delay: 0 },
])("[D20] where $name, a batch leaves after $delay ms", ({ pending, attended, now, delay }) => {
  expect(flushDelayMs(pending, attended, now)).toBe(delay);
});
