import fc from "fast-check";
import { expect, test } from "vitest";
import type { CommandId, ProcessId } from "./ids.ts";
import { applyFact, presentProcess, type RunView } from "./run-view.ts";
import type { WaitingReason } from "./process-state.ts";
import type { RunFact } from "./wire/facts.ts";

const of = { process: "p1" as ProcessId, run: 1, at: 1_000 };
const label = { name: "web", argv: ["sleep", "1"], cwd: "/", tags: ["t"], tty: false };
const starting: RunFact = { type: "starting", ...of, label, command_id: "0".repeat(32) as CommandId };
const started: RunFact = { type: "started", ...of, pid: 42 };
const output = (offset: number, size: number): RunFact => ({ type: "output", ...of, stream: "stdout", offset, size });
const stopping: RunFact = { type: "stopping", ...of, reason: "stopped" };
const exited: RunFact = { type: "exited", ...of, at: 2_000, returncode: null, signal: "SIGINT", reason: "stopped" };
const failed: RunFact = { type: "failed", ...of, reason: "spawn_failed", detail: "no such program" };

const fold = (facts: readonly RunFact[]): RunView | null => facts.reduce<RunView | null>(applyFact, null);

test("[P1] a run's view follows its facts", () => {
  const view = fold([starting, started, output(0, 10), output(10, 5), stopping, exited]);
  expect(view === null ? null : presentProcess(view)).toEqual({
    process_id: "p1",
    name: "web",
    state: "exited",
    ready: null,
    run: 1,
    pid: 42,
    argv: ["sleep", "1"],
    cwd: "/",
    tags: ["t"],
    tty: false,
    started_at: "1970-01-01T00:00:01.000Z",
    ended_at: "1970-01-01T00:00:02.000Z",
    returncode: null,
    signal: "SIGINT",
    reason: "stopped",
    output_bytes: 15,
    cursor: "1.15",
    restarts: 0,
  });
});

test("[P1] a program that could not be started leaves a failed run with the reason", () => {
  expect(fold([starting, failed])).toMatchObject({
    state: "failed",
    reason: "spawn_failed",
    detail: "no such program",
  });
});

test("[P1] nothing changes how a run ended", () => {
  const ended = fold([starting, started, exited]);
  for (const fact of [stopping, failed, started, { ...exited, returncode: 0 }]) {
    expect(applyFact(ended, fact)).toMatchObject({ state: "exited", signal: "SIGINT", returncode: null });
  }
});

const pending = (waiting_for: WaitingReason): RunFact => {
  return { type: "pending", ...of, label, command_id: "0".repeat(32) as CommandId, waiting_for };
};
const paused: RunFact = { type: "paused", ...of };
const resumed: RunFact = { type: "resumed", ...of };
const ready: RunFact = { type: "ready", ...of, detail: "port 3000 listens" };

test("[P1] a run that waits says for what, and no more once it starts", () => {
  const waiting = fold([pending("delay"), pending("queue")]);
  expect(waiting === null ? null : presentProcess(waiting)).toMatchObject({ state: "pending", waiting_for: "queue" });
  const begun = fold([pending("queue"), starting]);
  expect(begun === null ? null : presentProcess(begun)).not.toHaveProperty("waiting_for");
  // Another spool's word that comes late.
  expect(fold([starting, started, pending("queue")])).toMatchObject({ state: "running", waiting_for: null });
});

test("[P1] being ready is a fact beside the state", () => {
  const awaits = { ...starting, label: { ...label, awaits_ready: true } };
  const states = [fold([awaits, started]), fold([awaits, started, ready])];
  expect(states.map((view) => (view === null ? null : presentProcess(view).ready))).toEqual([false, true]);
});

test("[L1] facts applied again, from any point on, lead to the same view", () => {
  const beginning = [pending("delay"), starting, started, output(0, 10), paused, resumed, ready];
  const facts = [...beginning, output(10, 5), stopping, output(15, 1), exited];
  fc.assert(
    fc.property(fc.nat(facts.length), fc.nat(facts.length), (upTo, from) => {
      const once = fold(facts);
      const before = fold(facts.slice(0, upTo));
      const rest = facts.slice(Math.min(from, upTo));
      expect(rest.reduce<RunView | null>(applyFact, before)).toEqual(once);
    }),
  );
});
