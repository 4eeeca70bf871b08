import { expect, test } from "vitest";
import { raiseBriefly } from "./catalogue.ts";

test("[D4] [E1] F2: a control plane killed in mid-stream loses, doubles and reorders nothing", async () => {
  expect(await raiseBriefly("F2")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[D5] F23: fifty machines dropped at once come back spread out, and lose nothing", async () => {
  expect(await raiseBriefly("F23")).toMatchObject({ wrongs: [] });
}, 120_000);
