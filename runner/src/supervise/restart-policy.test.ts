import fc from "fast-check";
import { expect, test } from "vitest";
import { endReasons } from "@longwire/shared/process-state.ts";
import { restartPolicies } from "@longwire/shared/api/supervision-requests.ts";
import { planRestart, steadyRunMs } from "./restart-policy.ts";

const restart = (policy: (typeof restartPolicies)[number], max = 5) =>
  ({ policy, max, delay_ms: 1000, max_delay_ms: 60_000 }) as const;
const first = { streak: 0, ranMs: 10 };

/** Under `never`, `on_failure` and `always`. */
const never = [false, false, false];
const ifFailure = [false, true, true];

test("[P27] each ending is followed under each policy as the table says", () => {
  for (const reason of endReasons) {
    const expected = reason === "stopped" || reason === "denied" ? never : ifFailure;
    const found = restartPolicies.map((policy) => planRestart(restart(policy), { reason, returncode: 1 }, first, 0));
    expect([reason, ...found.map((follow) => follow !== null)]).toEqual([reason, ...expected]);
  }
  const found = restartPolicies.map((policy) =>
    planRestart(restart(policy), { reason: "exit", returncode: 0 }, first, 0),
  );
  expect(found.map((follow) => follow !== null)).toEqual([false, false, true]);
  expect(planRestart(undefined, { reason: "exit", returncode: 1 }, first, 0)).toBeNull();
});

test("[P27] a row of restarts is bounded, a steady run begins a new one, and delays grow within their bounds", () => {
  const failed = { reason: "exit", returncode: 1 } as const;
  fc.assert(
    fc.property(fc.nat(20), fc.nat(2 * steadyRunMs), fc.integer({ min: 1, max: 20 }), (streak, ranMs, max) => {
      const follow = planRestart(restart("always", max), failed, { streak, ranMs }, 0.999_999);
      const row = ranMs >= steadyRunMs ? 0 : streak;
      expect(follow === null).toBe(row >= max);
      if (follow === null) return;
      expect(follow.streak).toBe(row + 1);
      expect(follow.delayMs).toBeGreaterThanOrEqual(1000);
      expect(follow.delayMs).toBeLessThanOrEqual(Math.min(60_000, 1000 * 2 ** (row + 2)));
    }),
  );
});
