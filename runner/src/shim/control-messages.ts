// What runner and shim say to each other over the control socket. Both are of one installation or of neighbouring
// versions: unknown message types and fields are passed over.

import type { CommandId } from "@longwire/shared/ids.ts";
import type { EndReason } from "@longwire/shared/process-state.ts";
import type { SignalName } from "@longwire/shared/signals.ts";
import type { Survivor } from "@longwire/shared/wire/facts.ts";

/** Records up to this size travel with their hint; a larger one is read from disk. */
export const maxHintedBytes = 16 * 1024;

/** From the runner. `id` numbers the requests of one connection; the answer carries it. */
export type RunnerMessage =
  | { readonly type: "attach" }
  /** Records below are stored by the control plane. */
  | { readonly type: "trim"; readonly below: number }
  /** What the run's spool may hold from now on. */
  | { readonly type: "quota"; readonly spool_bytes: number }
  | {
      readonly type: "stop";
      readonly id: number;
      readonly command_id?: CommandId;
      readonly signal: SignalName;
      readonly grace_ms: number;
      /** Absent: `stopped`. */
      readonly reason?: EndReason;
    }
  | {
      readonly type: "signal";
      readonly id: number;
      readonly command_id: CommandId;
      readonly signal: SignalName;
      /** Also members of the tree that left the process group. */
      readonly tree: boolean;
    }
  | {
      readonly type: "input";
      readonly id: number;
      readonly command_id: CommandId;
      readonly data_base64: string;
      /** The input ends behind it. */
      readonly close: boolean;
    }
  /** The run's condition for being ready is met. */
  | { readonly type: "ready"; readonly id: number; readonly detail: string }
  | { readonly type: "resize"; readonly id: number; readonly cols: number; readonly rows: number }
  | { readonly type: "pause" | "resume"; readonly id: number; readonly command_id: CommandId };

/** How far a run is. `ended`: its last record is stored. */
export type RunPhase = "starting" | "running" | "paused" | "stopping" | "ended";

export interface StopResult {
  /** Whether no process of the run is left. */
  readonly stopped: boolean;
  readonly survivors: readonly Survivor[];
}

/** What became of a request that changes a run which goes on. */
export type ActResult =
  /** `offset`: where the output stood. */
  | { readonly done: true; readonly offset: number }
  | { readonly done: false; readonly why: "ended" | "input_closed" | "input_full" | "no_terminal" };

/** From the shim. Records are told of in frames of their own, in the same order. */
export type ShimMessage =
  /** `ready`: that it is so was told. */
  | { readonly type: "attached"; readonly phase: RunPhase; readonly next: number; readonly ready?: boolean }
  /** Sent after the record that made it so. */
  | { readonly type: "phase"; readonly phase: RunPhase }
  | { readonly type: "stop_result"; readonly id: number; readonly result: StopResult }
  /** `delivered`: whether some process got the signal, now or when the same command came first. */
  | { readonly type: "signal_result"; readonly id: number; readonly delivered: boolean }
  | { readonly type: "ready_result"; readonly id: number }
  | { readonly type: "act_result"; readonly id: number; readonly result: ActResult }
  /** The last word: the folder is the runner's now. */
  | { readonly type: "ended"; readonly next: number };
