// The checks of `pnpm security` against the built product. The siege among them has a test of its own beside it.

import { afterAll, beforeAll, expect, test } from "vitest";
import { runCheck } from "./check.ts";
import { allChecks } from "./checks.ts";
import { startTarget, type Target } from "./target.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
}, 120_000);
afterAll(() => target?.close());

test.for(allChecks.filter(({ id }) => id !== "S32"))("[T66] $id: $title", { timeout: 180_000 }, async (check) => {
  const { outcome, wrongs } = await runCheck(check, target);
  expect(wrongs).toEqual([]);
  expect(outcome).toBe("pass");
});
