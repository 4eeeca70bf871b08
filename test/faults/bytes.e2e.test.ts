import { expect, test } from "vitest";
import { raiseBriefly } from "./catalogue.ts";

test("[R4] [P5] F16: lines of a mebibyte and megabytes without a newline come as they were printed", async () => {
  expect(await raiseBriefly("F16")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[R4] [P5] F17: what is no text, and text in two pieces, comes as it was printed", async () => {
  expect(await raiseBriefly("F17")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[R4] [P5] F18: every byte there is comes as it was printed", async () => {
  expect(await raiseBriefly("F18")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[P9] [R4] F19: a flood keeps runner and shim small, can be stopped, and is there line after line", async () => {
  expect(await raiseBriefly("F19")).toMatchObject({ wrongs: [] });
}, 120_000);
