// The checks of `pnpm security` against the built product. The siege among them has a test of its own beside it.

import { afterAll, beforeAll, expect, test } from "vitest";
import { runCheck } from "./check.ts";
import { allChecks } from "./checks.ts";
import { badCertificate } from "./checks/transport.ts";
import { startTarget, type Target } from "./target.ts";

let target: Target;
beforeAll(async () => {
  target = await startTarget();
}, 120_000);
afterAll(() => target?.close());

/** These have a test of their own. */
const apart = ["S32", badCertificate.id];

test.for(allChecks.filter(({ id }) => !apart.includes(id)))(
  "[T66] $id: $title",
  { timeout: 180_000 },
  async (check) => {
    const { outcome, wrongs } = await runCheck(check, target);
    expect(wrongs).toEqual([]);
    expect(outcome).toBe("pass");
  },
);

test("[T67] a runner sends nothing to a control plane with a bad certificate, whatever its environment says", async () => {
  const { outcome, wrongs } = await runCheck(badCertificate, target);
  expect(wrongs).toEqual([]);
  expect(outcome).toBe("pass");
});
