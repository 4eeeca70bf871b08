import { expect, test } from "vitest";
import { maxSearchBytes } from "@longwire/shared/limits.ts";
import { compilePattern } from "@longwire/shared/pattern.ts";
import { beginWait, stepWait, type WaitState, type WaitTerms } from "./wait-state.ts";

const compiled = compilePattern("ready");
if (!compiled.ok) throw new Error(compiled.refusal.detail);
const pattern = compiled.value;
const terms: WaitTerms = { until: ["match"], pattern, idleMs: 0, endsAt: 10_000, from: 0, newFrom: 0 };

test("[R10] a wait searches so much and no more, then hands on the cursor", () => {
  const bytes = new TextEncoder().encode(`${"x".repeat(65_535)}\n`);
  let state: WaitState = beginWait(terms);
  let offset = 0;
  for (; state.type !== "ended" && offset <= maxSearchBytes; offset += bytes.length)
    state = stepWait(terms, state, { type: "output", offset, bytes }, 0);
  expect(state).toMatchObject({ by: "budget", next: maxSearchBytes });
});
