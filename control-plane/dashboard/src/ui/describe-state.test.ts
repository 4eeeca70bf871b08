import { expect, test } from "vitest";
import type { Process } from "@longwire/shared/api/views.ts";
import { endReasons, processStates, waitingReasons } from "@longwire/shared/process-state.ts";
import { describeState, needsWords } from "./describe-state.ts";

const told = (facts: Partial<Process>): ReturnType<typeof describeState> =>
  describeState({ state: "running", ready: null, returncode: null, signal: null, reason: null, ...facts });

test("[B7] every state, every wait and every end has its word", () => {
  for (const state of processStates)
    expect([state, told({ state }).word]).toEqual([state, expect.stringMatching(/\w/)]);
  for (const waiting_for of waitingReasons) {
    expect(told({ state: "pending", waiting_for })).toMatchObject({
      tone: "waiting",
      note: expect.stringMatching(/^Waits \w/),
    });
  }
  for (const reason of endReasons) {
    const { word, tone } = told({ state: "exited", reason });
    expect([reason, word]).toEqual([reason, expect.stringMatching(/\w/)]);
    expect([reason, tone]).toEqual([reason, reason === "stopped" ? "over" : "bad"]);
  }
});

test("[B7] a code that nobody saw is not made up, and only 0 is a good end", () => {
  expect(told({ state: "exited", reason: "exit", returncode: 0 })).toMatchObject({ word: "exit 0", tone: "over" });
  expect(told({ state: "exited", reason: "exit", returncode: 3 })).toMatchObject({ word: "exit 3", tone: "bad" });
  expect(told({ state: "exited", reason: "exit" })).toMatchObject({ word: "exit ?", tone: "bad" });
  expect(told({ state: "exited", reason: "signal", signal: "SIGSEGV" }).word).toBe("SIGSEGV");
  expect(told({ state: "exited", reason: "shim_lost" }).word).toBe("shim lost");
  expect(told({ ready: false })).toMatchObject({ word: "not ready yet", tone: "busy" });
  expect(told({ ready: true })).toMatchObject({ word: "ready", tone: "good" });
});

test("[B7] what a word leaves open is told in a sentence", () => {
  const open = { ready: null, returncode: null, signal: null, reason: null } as const;
  const needs = (facts: Partial<Process>): boolean => needsWords({ state: "exited", ...open, ...facts });
  for (const reason of endReasons) {
    expect([reason, needs({ reason })]).toEqual([reason, !["exit", "signal", "stopped"].includes(reason)]);
  }
  for (const waiting_for of waitingReasons) {
    expect(needs({ state: "pending", waiting_for })).toBe(waiting_for !== "approval");
  }
  for (const state of processStates) if (needs({ state })) expect(told({ state }).note).not.toBe("");
  expect([needs({ state: "running" }), needs({ state: "failed", reason: "spawn_failed" })]).toEqual([false, true]);
});
