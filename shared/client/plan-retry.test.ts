import { describe, expect, test } from "vitest";
import { maxPauseMs, planRetry } from "./plan-retry.ts";

const terms = { isRepeatable: true, retries: 3 };
const failure = { status: 503, retryAfterMs: null };

describe("what is made again", () => {
  test.each([
    { status: 0, isRepeatable: true, again: true },
    { status: 503, isRepeatable: true, again: true },
    { status: 504, isRepeatable: true, again: true },
    { status: 429, isRepeatable: true, again: true },
    { status: 0, isRepeatable: false, again: false },
    { status: 503, isRepeatable: false, again: false },
    { status: 504, isRepeatable: false, again: false },
    // Whoever is turned away has had nothing done.
    { status: 429, isRepeatable: false, again: true },
    { status: 409, isRepeatable: true, again: false },
    { status: 422, isRepeatable: true, again: false },
    { status: 500, isRepeatable: true, again: false },
    { status: 507, isRepeatable: true, again: false },
  ])("[R51] $status, repeatable: $isRepeatable", ({ status, isRepeatable, again }) => {
    const delayMs = planRetry({ status, retryAfterMs: null }, 0, { isRepeatable, retries: 1 }, 0.5);
    expect(delayMs !== null).toBe(again);
  });
});

test("[R51] a call is made again so often and no more, each time later at the most", () => {
  const delays = [0, 1, 2, 3].map((failures) => planRetry(failure, failures, terms, 0.999));
  expect(delays[3]).toBeNull();
  expect(delays.slice(0, 3)).toEqual(delays.slice(0, 3).toSorted((a, b) => Number(a) - Number(b)));
});

test("[R51] what the control plane asks to wait is waited, unless it is too long to sit out", () => {
  expect(planRetry({ status: 429, retryAfterMs: 20_000 }, 0, terms, 0)).toBe(20_000);
  expect(planRetry({ status: 429, retryAfterMs: maxPauseMs + 1 }, 0, terms, 0)).toBeNull();
});
