import { backoffMs } from "@longwire/shared/backoff.ts";
import { expect, test } from "vitest";
import { countFailures } from "./count-failures.ts";

test("[D32] tries that never connect are made ever more rarely", () => {
  let failures = countFailures(0, null);
  for (let time = 1; time < 10; time++) failures = countFailures(failures, null);
  expect(failures).toBe(10);
});

test("[D32] a connection that breaks soon, however often, is back within two seconds", () => {
  let failures = 0;
  for (let time = 0; time < 100; time++) failures = countFailures(failures, 100);
  expect(backoffMs(failures, 0.999)).toBeLessThanOrEqual(2000);
  expect(backoffMs(countFailures(failures, null), 0.999)).toBeGreaterThan(2000);
});

test("[D5] a connection that held begins the count anew", () => {
  expect(countFailures(9, 60_000)).toBe(0);
});
