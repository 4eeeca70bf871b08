// A hostile control plane against a real runner, in small; `pnpm security:hostile` does it for ten minutes.

import { expect, test } from "vitest";
import { bypasses } from "../corpus/bypasses.ts";
import { dangerousVariables } from "../corpus/variables.ts";
import { lay } from "./siege.ts";

const bounds = { attacks: 160, seconds: 60, traced: true };

test.for(["named", "ask"] as const)(
  "[T65] in mode %s a hostile control plane starts nothing but what the owner named, and the runner serves on",
  { timeout: 240_000 },
  async (mode) => {
    const { wrongs, figures } = await lay({ mode, seed: 7, ...bounds });
    expect(wrongs).toEqual([]);
    // The attacks were heard: some were right and ran, others were refused.
    expect(figures["done"]).toBeGreaterThan(0);
    expect(figures["refused"]).toBeGreaterThan(0);
    expect(figures["signatures"]).toBeGreaterThan(0);
  },
);

test("[T65] the same siege of a runner that runs everything is seen to break in", { timeout: 240_000 }, async () => {
  const { wrongs } = await lay({ mode: "open", seed: 7, ...bounds, attacks: 80 });
  expect(wrongs.join("\n")).toContain("is no program of the owner's");
});

test("[T65] the corpus holds at least 200 words that got past somebody's rules, and 60 variables", () => {
  expect(new Set(bypasses("/nowhere/trap")).size).toBeGreaterThanOrEqual(200);
  expect(new Set(dangerousVariables).size).toBeGreaterThanOrEqual(60);
});
