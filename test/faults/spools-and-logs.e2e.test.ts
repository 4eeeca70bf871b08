import { expect, test } from "vitest";
import { raiseBriefly } from "./catalogue.ts";

test("[D13] [D19] F13: damaged spools are delivered up to there, a gap and an end follow, nothing else is lost", async () => {
  expect(await raiseBriefly("F13")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[L3] [R9] [D4] F14: a log that is outgrown loses whole partitions, and says so, through kills", async () => {
  expect(await raiseBriefly("F14")).toMatchObject({ wrongs: [] });
}, 120_000);
