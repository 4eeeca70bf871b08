import { expect, test } from "vitest";
import { raiseStorm } from "../soak/storm.ts";

test("[D4] [D5] [P13] a storm of resets, black holes and kills of either end loses, doubles and reorders nothing", async () => {
  const report = await raiseStorm({ seed: 11, seconds: 15, children: 3 });
  expect(report).toMatchObject({ faults: [] });
  expect(report.troubles).toMatchObject({ killControlPlane: expect.any(Number) as number });
}, 240_000);
