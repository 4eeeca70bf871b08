import fc from "fast-check";
import { expect, test } from "vitest";
import {
  hasEnded,
  judgeAction,
  processActions,
  processStates,
  stateAfter,
  stateFacts,
  type ActionVerdict,
  type ProcessAction,
  type ProcessState,
  type StateFact,
} from "./process-state.ts";

/** In the order of `stateFacts`: pending, starting, started, paused, resumed, stopping, exited, failed, lost. */
const transitions: Readonly<Record<ProcessState | "none", readonly (ProcessState | null)[]>> = {
  none: ["pending", "starting", "running", "paused", "running", "stopping", "exited", "failed", "lost"],
  pending: ["pending", "starting", "running", "paused", null, "stopping", "exited", "failed", "lost"],
  starting: [null, null, "running", "paused", null, "stopping", "exited", "failed", "lost"],
  running: [null, null, null, "paused", null, "stopping", "exited", null, "lost"],
  paused: [null, null, null, null, "running", "stopping", "exited", null, "lost"],
  stopping: [null, null, null, null, null, null, "exited", null, "lost"],
  lost: [null, null, "running", "paused", "running", "stopping", "exited", "failed", null],
  exited: [null, null, null, null, null, null, null, null, null],
  failed: [null, null, null, null, null, null, null, null, null],
};

test("[P1] each fact makes of each state what the table says", () => {
  for (const state of [null, ...processStates]) {
    const row = transitions[state ?? "none"];
    expect([state, ...stateFacts.map((fact: StateFact) => stateAfter(state, fact))]).toEqual([state, ...row]);
  }
});

test("[P1] whatever is told, in whatever order, an ended run stays as it is and any other can end", () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...stateFacts)), (facts) => {
      let state: ProcessState | null = null;
      for (const fact of facts) {
        const after: ProcessState | null = stateAfter(state, fact);
        if (state !== null && hasEnded(state)) expect(after).toBeNull();
        state = after ?? state;
      }
      if (state !== null && !hasEnded(state)) expect(stateAfter(state, "exited")).toBe("exited");
    }),
  );
});

/** In the order of `processActions`: stop, signal, pause, resume, input, resize. */
const actions: Readonly<Record<ProcessState, readonly ActionVerdict[]>> = {
  pending: ["allowed", "not_begun", "not_begun", "not_begun", "not_begun", "not_begun"],
  starting: ["allowed", "allowed", "allowed", "allowed", "allowed", "allowed"],
  running: ["allowed", "allowed", "allowed", "done", "allowed", "allowed"],
  paused: ["allowed", "allowed", "done", "allowed", "allowed", "allowed"],
  stopping: ["allowed", "allowed", "process_ended", "process_ended", "allowed", "allowed"],
  lost: ["allowed", "allowed", "allowed", "allowed", "allowed", "allowed"],
  exited: ["done", "process_ended", "process_ended", "process_ended", "process_ended", "process_ended"],
  failed: ["done", "process_ended", "process_ended", "process_ended", "process_ended", "process_ended"],
};

test("[P1] what can be asked of a run in each state is what the table says", () => {
  for (const state of processStates) {
    const verdicts = processActions.map((action: ProcessAction) => judgeAction(state, action));
    expect([state, ...verdicts]).toEqual([state, ...actions[state]]);
  }
});
