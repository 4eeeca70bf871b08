// The states of a run, and what each of its facts makes of each of them.
//
//   pending ──► starting ──► running ⇄ paused
//      │            │           │         │
//      │            │           └────┬────┘
//      │            │                ▼
//      │            ├───────────► stopping ──► exited
//      │            │                             ▲
//      ▼            ▼                             └── also from starting, running and paused: it ended by itself
//    failed ◄───────┘
//
//   lost: nobody can say yet; whatever is told of the run next is believed.

import * as z from "zod";
import type { Fact } from "./wire/facts.ts";

export const processStates = [
  "pending",
  "starting",
  "running",
  "paused",
  "stopping",
  "exited",
  "failed",
  "lost",
] as const;
export type ProcessState = (typeof processStates)[number];
export const processStateSchema = z.enum(processStates);

/** What a pending run waits for. */
export const waitingReasons = ["queue", "delay", "needs", "approval", "restart"] as const;
export const waitingReasonSchema = z.enum(waitingReasons);
export type WaitingReason = (typeof waitingReasons)[number];

/** The facts that move a run from one state to another. */
export const stateFacts = [
  "pending",
  "starting",
  "started",
  "paused",
  "resumed",
  "stopping",
  "exited",
  "failed",
  "lost",
] as const satisfies readonly Fact["type"][];
export type StateFact = (typeof stateFacts)[number];

/** Null: the fact changes nothing, since it comes late or says what cannot be. */
type Row = Readonly<Record<StateFact, ProcessState | null>>;

/** What begins a run comes late once it has begun: nothing goes back. */
const begun = { pending: null, starting: null };
const ending = { stopping: "stopping", exited: "exited" } as const;
const final: Row = {
  ...begun,
  started: null,
  paused: null,
  resumed: null,
  stopping: null,
  exited: null,
  failed: null,
  lost: null,
};

// prettier-ignore
const table: Readonly<Record<ProcessState, Row>> = {
  pending:  { pending: "pending", starting: "starting", started: "running", paused: "paused", resumed: null, ...ending, failed: "failed", lost: "lost" },
  starting: { ...begun, started: "running", paused: "paused", resumed: null, ...ending, failed: "failed", lost: "lost" },
  running:  { ...begun, started: null, paused: "paused", resumed: null, ...ending, failed: null, lost: "lost" },
  paused:   { ...begun, started: null, paused: null, resumed: "running", ...ending, failed: null, lost: "lost" },
  stopping: { ...begun, started: null, paused: null, resumed: null, stopping: null, exited: "exited", failed: null, lost: "lost" },
  lost:     { ...begun, started: "running", paused: "paused", resumed: "running", ...ending, failed: "failed", lost: null },
  exited: final,
  failed: final,
};

/** The state after `fact`; null where it changes nothing. A run that nothing was told of yet is in no state. */
export function stateAfter(state: ProcessState | null, fact: StateFact): ProcessState | null {
  return state === null ? beginning[fact] : table[state][fact];
}

/** The first that is heard of a run: its beginning, or what is left where that was lost. */
const beginning: Row = { ...table.lost, pending: "pending", starting: "starting", lost: "lost" };

/** Whether a fact may change the state. */
export function isStateFact(type: Fact["type"]): type is StateFact {
  return (stateFacts as readonly string[]).includes(type);
}

/** Whether nothing more comes of a run in this state. */
export function hasEnded(state: ProcessState): boolean {
  return state === "exited" || state === "failed";
}

/** What can be asked of a run. */
export const processActions = ["stop", "signal", "pause", "resume", "input", "resize"] as const;
export type ProcessAction = (typeof processActions)[number];

/** `done`: it is so already, and the answer is a success. */
export type ActionVerdict = "allowed" | "done" | "process_ended" | "not_begun";

/** Whether a run in `state` can be asked for `action`. */
export function judgeAction(state: ProcessState, action: ProcessAction): ActionVerdict {
  if (hasEnded(state)) return action === "stop" ? "done" : "process_ended";
  if (state === "pending") return action === "stop" ? "allowed" : "not_begun";
  if (action === "pause" && state === "paused") return "done";
  if (action === "resume" && state === "running") return "done";
  if (state === "stopping" && (action === "pause" || action === "resume")) return "process_ended";
  return "allowed";
}

/** Why a run ended. The first cause wins. */
export const endReasons = [
  "exit",
  "signal",
  "stopped",
  "timeout",
  "idle_timeout",
  "memory",
  "cpu",
  "open_files",
  "output",
  "lease",
  "denied",
  "spawn_failed",
  "shim_lost",
  "machine_restarted",
] as const;
export const endReasonSchema = z.enum(endReasons);
export type EndReason = (typeof endReasons)[number];
