import { expect, test } from "vitest";
import { raiseBriefly } from "./catalogue.ts";

test("[P35] churn: a runner that started and stopped a hundred processes holds what it held before", async () => {
  expect(await raiseBriefly("churn")).toMatchObject({ wrongs: [] });
}, 120_000);

test("[P1] [P6] [P7] F30: a process that exits while it is stopped has one end, a true one, and nobody else is hit", async () => {
  expect(await raiseBriefly("F30")).toMatchObject({ wrongs: [] });
}, 120_000);
