import { expect, test } from "vitest";
import { raiseBriefly } from "./catalogue.ts";

test("[D4] [E1] F2: a control plane killed in mid-stream loses, doubles and reorders nothing", async () => {
  expect(await raiseBriefly("F2")).toMatchObject({ wrongs: [] });
}, 120_000);
