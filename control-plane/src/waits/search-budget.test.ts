import { expect, test } from "vitest";
import { maxSearchBytes } from "@longwire/shared/limits.ts";
import { patternOf } from "@longwire/shared/fixtures/pattern-of.ts";
import { beginWait, stepWait, type WaitState, type WaitTerms } from "./wait-state.ts";

const pattern = patternOf("ready");
const terms: WaitTerms = { until: ["match"], pattern, idleMs: 0, endsAt: 10_000, from: 0, newFrom: 0 };

test("[R10] a wait searches so much and no more, then hands on the cursor", () => {
  const bytes = new TextEncoder().encode(`${"x".repeat(65_535)}\n`);
  let state: WaitState = beginWait(terms);
  let offset = 0;
  for (; state.type !== "ended" && offset <= maxSearchBytes; offset += bytes.length)
    state = stepWait(terms, state, { type: "output", offset, bytes }, 0);
  expect(state).toMatchObject({ by: "budget", next: maxSearchBytes });
});
