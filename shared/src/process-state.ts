// The states of a run, and which of them may follow which.
//
//   starting ──► running ──► stopping ──► exited
//      │            │            ▲           ▲
//      │            └────────────┼───────────┘
//      └──► failed               └── a stop was asked for, or a leftover tree is being ended
//
//   lost: nobody can say yet; any ending may still follow.

import * as z from "zod";

export const processStates = ["starting", "running", "stopping", "exited", "failed", "lost"] as const;
export type ProcessState = (typeof processStates)[number];
export const processStateSchema = z.enum(processStates);

const following: Readonly<Record<ProcessState, readonly ProcessState[]>> = {
  starting: ["running", "stopping", "failed", "exited", "lost"],
  running: ["stopping", "exited", "lost"],
  stopping: ["exited", "lost"],
  lost: ["running", "stopping", "exited", "failed"],
  exited: [],
  failed: [],
};

/** Whether a run in state `from` may be said to be in state `to`; staying is always allowed. */
export function mayFollow(from: ProcessState, to: ProcessState): boolean {
  return from === to || following[from].includes(to);
}

/** Whether nothing more comes of a run in this state. */
export function hasEnded(state: ProcessState): boolean {
  return state === "exited" || state === "failed";
}

/** Why a run ended. The first cause wins. */
export const endReasons = [
  "exit",
  "signal",
  "stopped",
  "lease",
  "spawn_failed",
  "shim_lost",
  "machine_restarted",
] as const;
export const endReasonSchema = z.enum(endReasons);
export type EndReason = (typeof endReasons)[number];
