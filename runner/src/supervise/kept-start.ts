// What a start asked, and where its process stands by that: kept on disk for as long as the process is remembered, so
// that it can be begun again, by a request or by its policy, also after a runner was killed.
//
//   waiting ──its turn──► begun ──► ended ──start, restart──► begun (or waiting) as the next run
//      ▲                    │
//      └── restart policy ──┘        waiting ──stop──► ended

import type { Actor } from "@longwire/shared/audit/entry.ts";
import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { ApprovalId, CommandId, ProcessId } from "@longwire/shared/ids.ts";
import type { EndReason, WaitingReason } from "@longwire/shared/process-state.ts";
import type { ApprovedDigest } from "../approve/approval-desk.ts";
import type { Need } from "./needs.ts";

/** Raised when a runner of one version could misread what another kept. */
export const keptVersion = 1;

/** What a run waits for its turn with. Times are milliseconds since 1970. */
export interface Turn {
  /** It does not begin before. */
  readonly due: number;
  /** Order of arrival on this machine. */
  readonly order: number;
  /** What was told last. */
  readonly waitingFor: WaitingReason;
  /** What the owner was asked by, where it waits for that. A runner that finds it here asks anew. */
  readonly approval?: ApprovalId;
}

export type KeptPhase =
  | ({ readonly type: "waiting" } & Turn)
  /** `waited`: it was told of before it began. */
  | { readonly type: "begun"; readonly at: number; readonly waited: boolean }
  /** `end`: of its latest run; absent where none is known. */
  | { readonly type: "ended"; readonly end?: RunEnd };

export interface KeptStart {
  readonly version: typeof keptVersion;
  readonly process: ProcessId;
  /** The latest run, whatever its phase. */
  readonly run: number;
  /** The command that asked for that run, or for the run whose policy began it. */
  readonly command_id: CommandId;
  readonly asked_at: number;
  /** Who asked for it, as the control plane says. */
  readonly actor?: Actor;
  /** The caller's own words where they named a command of the owner's: judged anew for every run. */
  readonly asked?: StartRequest;
  /** What runs. */
  readonly request: StartRequest;
  /** Absolute. */
  readonly cwd: string;
  readonly phase: KeptPhase;
  /** What the owner approved, once a run began with it: runs that its policy begins are held against it. */
  readonly approved?: ApprovedDigest;
  /** What it waits for beside its turn. */
  readonly needs?: readonly Need[];
  /** Runs its policy began one after the other, up to this one. */
  readonly streak: number;
  /** Runs its policy began in all. */
  readonly restarts: number;
}
export type WaitingStart = KeptStart & { readonly phase: Extract<KeptPhase, { type: "waiting" }> };

export function isWaiting(kept: KeptStart): kept is WaitingStart {
  return kept.phase.type === "waiting";
}

/** What is asked of the machine's policy before a run begins. */
export function askedOf({ asked, request }: KeptStart): StartRequest {
  return asked ?? request;
}

/** How a run ended, as far as that decides what follows. */
export interface RunEnd {
  readonly reason: EndReason;
  readonly returncode: number | null;
  readonly at: number;
}
