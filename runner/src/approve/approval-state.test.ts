import fc from "fast-check";
import { expect, test } from "vitest";
import { approvalTtlMs } from "@longwire/shared/limits.ts";
import { type ApprovalInput, type ApprovalState, stepApproval } from "./approval-state.ts";

const digest = "d".repeat(64);
const asked: ApprovalState = { type: "asked", askedAt: 1000, digest };
const granted: ApprovalState = { type: "granted", digest };

type Name = "once" | "always" | "deny" | "clock" | "begin" | "begin_other" | "withdraw";
const inputs: Readonly<Record<Name, ApprovalInput>> = {
  once: { type: "decide", decision: "once", by: "local" },
  always: { type: "decide", decision: "always", by: "terminal" },
  deny: { type: "decide", decision: "deny", by: "dashboard" },
  clock: { type: "clock" },
  begin: { type: "begin", digest },
  begin_other: { type: "begin", digest: "e".repeat(64) },
  withdraw: { type: "withdraw" },
};
const names = Object.keys(inputs) as Name[];

type Row = Readonly<Record<Name, ApprovalState["type"]>>;
const same = (type: ApprovalState["type"]): Row =>
  Object.fromEntries(names.map((name) => [name, type])) as Record<Name, ApprovalState["type"]>;

// prettier-ignore
const table: Readonly<Record<ApprovalState["type"], Row>> = {
  asked:     { once: "granted", always: "granted", deny: "denied", clock: "asked", begin: "asked", begin_other: "asked", withdraw: "withdrawn" },
  granted:   { once: "granted", always: "granted", deny: "granted", clock: "granted", begin: "used", begin_other: "changed", withdraw: "withdrawn" },
  used: same("used"), changed: same("changed"), denied: same("denied"), expired: same("expired"), withdrawn: same("withdrawn"),
};

const stateOf = (type: ApprovalState["type"]): ApprovalState =>
  type === "asked" ? asked : type === "granted" ? granted : { type };

test("[T41] an approval is decided once and used once: every state takes every input as the table says", () => {
  for (const [type, row] of Object.entries(table) as [ApprovalState["type"], Row][]) {
    for (const name of names) {
      expect([type, name, stepApproval(stateOf(type), inputs[name], 1001).state.type]).toEqual([type, name, row[name]]);
    }
  }
});

test("[T41] whatever comes to one that is asked too late, or by a clock that went back, it is expired", () => {
  for (const now of [1000 + approvalTtlMs, 999, 1e9]) {
    for (const name of names) {
      expect([name, stepApproval(asked, inputs[name], now)]).toEqual([
        name,
        { state: { type: "expired" }, told: { decision: "expired" } },
      ]);
    }
  }
  expect(stepApproval(asked, inputs.once, 999 + approvalTtlMs).state.type).toBe("granted");
});

test("[T41] in whatever order things come, one yes lets at most one thing begin, and is told once", () => {
  const anInput = fc.constantFrom(...names);
  fc.assert(
    fc.property(fc.array(fc.tuple(anInput, fc.integer({ min: 0, max: 50_000 })), { maxLength: 12 }), (steps) => {
      let state: ApprovalState = asked;
      let now = 1000;
      let used = 0;
      let saidYes = 0;
      const told: string[] = [];
      for (const [name, laterMs] of steps) {
        now += laterMs;
        const isInTime = now - 1000 < approvalTtlMs;
        const before: ApprovalState["type"] = state.type;
        const step = stepApproval(state, inputs[name], now);
        state = step.state;
        if (before !== "used" && state.type === "used") used++;
        if (before === "asked" && state.type === "granted") {
          expect(isInTime).toBe(true);
          saidYes++;
        }
        if (step.told !== null) told.push(step.told.decision);
      }
      expect(used).toBeLessThanOrEqual(saidYes);
      expect(saidYes).toBeLessThanOrEqual(1);
      expect(told.length).toBeLessThanOrEqual(1);
    }),
  );
});
