import type { ProcessId } from "@longwire/shared/ids.ts";
import type { EndReason, ProcessState } from "@longwire/shared/process-state.ts";
import { expect, test } from "vitest";
import { needConditions } from "../admit/policy-schema.ts";
import type { KeptPhase, KeptStart } from "./kept-start.ts";
import { judgeNeeds, type Need, type Needed } from "./needs.ts";

const needed = (phase: KeptPhase, run: Needed["run"] = null): Needed => ({ kept: { phase } as KeptStart, run });
const living = (state: ProcessState, isReady = false): Needed => {
  return needed({ type: "begun", at: 0, waited: false }, { state, isReady });
};
const ended = (reason: EndReason, returncode: number | null = null): Needed => {
  return needed({ type: "ended", end: { reason, returncode, at: 0 } });
};

/** For `started`, `ready` and `completed` in turn. */
const table: Record<string, [Needed, string, string, string]> = {
  "waits itself": [needed({ type: "waiting", due: 0, order: 1, waitingFor: "needs" }), "waiting", "waiting", "waiting"],
  "is starting": [living("starting"), "waiting", "waiting", "waiting"],
  runs: [living("running"), "met", "waiting", "waiting"],
  "is ready": [living("running", true), "met", "met", "waiting"],
  "is paused": [living("paused"), "met", "waiting", "waiting"],
  "is just over": [needed({ type: "begun", at: 0, waited: true }), "waiting", "waiting", "waiting"],
  completed: [ended("exit", 0), "met", "failed", "met"],
  "ended badly": [ended("exit", 3), "met", "failed", "failed"],
  "was stopped": [ended("stopped"), "failed", "failed", "failed"],
  "could not start": [ended("spawn_failed"), "failed", "failed", "failed"],
  "did not begin": [needed({ type: "ended" }), "failed", "failed", "failed"],
  "is forgotten": [{ kept: null, run: null }, "failed", "failed", "failed"],
};

const process = "p1" as ProcessId;

test.for(Object.entries(table))("[P43] what is needed of a process that %s", ([, [state, ...verdicts]]) => {
  const judged = needConditions.map((condition) => judgeNeeds([{ use: "x", condition, process }], () => state).type);
  expect(judged).toEqual(verdicts);
});

test("[P43] every need must be met, and one that cannot be is named", () => {
  const needs: Need[] = ["p1", "p2"].map((id) => ({
    use: `of-${id}`,
    condition: "completed",
    process: id as ProcessId,
  }));
  const judge = (...states: Needed[]): unknown =>
    judgeNeeds(needs, (id) => states[id === "p1" ? 0 : 1] ?? living("running"));
  expect(judge(ended("exit", 0), living("running"))).toEqual({ type: "waiting", left: [needs[1]] });
  expect(judge(living("running"), ended("exit", 3))).toEqual({
    ...{ type: "failed", detail: "It needs of-p2 to be completed, which ended with code 3." },
  });
  expect(judgeNeeds([], () => living("running"))).toEqual({ type: "met" });
});
