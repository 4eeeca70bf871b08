import { expect, test } from "vitest";
import { beginWait, stepWait, type WaitInput, type WaitTerms } from "./wait-state.ts";

const terms: WaitTerms = { until: ["port"], pattern: null, idleMs: 0, endsAt: 10_000, from: 0, newFrom: 0 };
const bytes = new TextEncoder().encode("Local: 3000\n");
const script: WaitInput[] = [
  { type: "caught_up" },
  { type: "output", offset: 0, bytes },
  { type: "port", port: 3000 },
  { type: "run_ended" },
];

test("[R21] a port that is there ends a wait, with what was printed before; what follows changes nothing", () => {
  const state = script.reduce((before, input) => stepWait(terms, before, input, 0), beginWait(terms));
  expect(state).toMatchObject({ type: "ended", by: "port", port: 3000, match: null, next: bytes.length });
});
