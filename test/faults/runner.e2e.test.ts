import { expect, test } from "vitest";
import { raiseBriefly } from "./catalogue.ts";

test("[P13] [E8] F1: a runner killed at any moment comes back to what lives and what ended without it", async () => {
  expect(await raiseBriefly("F1")).toMatchObject({ wrongs: [] });
}, 180_000);

test("[P13] [D4] F3: runner and control plane killed together lose, double and reorder nothing", async () => {
  expect(await raiseBriefly("F3")).toMatchObject({ wrongs: [] });
}, 120_000);
