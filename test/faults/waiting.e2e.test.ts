// What takes a minute because the product waits as long; little else happens meanwhile, so they wait together.

import { expect, test } from "vitest";
import { raiseBriefly } from "./catalogue.ts";

test.concurrent("[R3] F10: a viewer that reads a kilobyte a second is cut at its bound and resumes complete", async () => {
  expect(await raiseBriefly("F10")).toMatchObject({ wrongs: [] });
}, 150_000);

test.concurrent("[C4] [D11] F32: a runner that was stopped connects again and carries out nothing that grew too old", async () => {
  expect(await raiseBriefly("F32")).toMatchObject({ wrongs: [] });
}, 150_000);

test.concurrent("[R12] [R70] F36: two hundred waits at once end when their time is up, and one that has it already at once", async () => {
  expect(await raiseBriefly("F36")).toMatchObject({ wrongs: [] });
}, 150_000);
