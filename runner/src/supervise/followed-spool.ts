// What the link sees of the machine side: spools to read, a way to say what is stored, commands to hand over.
// The supervisor implements this; the link knows nothing else of runs, shims and folders.

import type { ChainHead } from "@longwire/shared/audit/entry.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { CommandId, ProcessId, SpoolId } from "@longwire/shared/ids.ts";
import type { Command } from "@longwire/shared/wire/commands.ts";
import type { DirectedFrame, DirectFrame } from "@longwire/shared/wire/direct.ts";
import type { Question, RunnerAnswer } from "@longwire/shared/wire/questions.ts";
import type { OutputWatch } from "@longwire/shared/wire/watches.ts";
import type { ReadableSpool } from "../spool/readable-spool.ts";
import type { RunnerAudit } from "./runner-audit.ts";

export interface FollowedSpool {
  readonly id: SpoolId;
  readonly reader: ReadableSpool;
  /** A run's spool, or one of the runner itself (the present one or one of an earlier start). */
  readonly kind: "run" | "runner";
  readonly process?: ProcessId;
  readonly run?: number;
}

/** A run whose shim lives, or one that waits for its turn. */
export interface LiveRunName {
  readonly process: ProcessId;
  readonly run: number;
}

export interface MachineSide {
  /**
   * Called (synchronously, often) whenever some spool has something new to read, or a new spool appeared. `bytes`: about
   * how much, by which the link decides how long it may wait; `Infinity` where it may not.
   */
  onAppend: (bytes: number) => void;
  /** Called after a spool's files are gone: its position may be forgotten. */
  onGone: (spool: SpoolId) => void;
  /** Every spool there is: those of runs first, the runner's own last, so that an outcome follows the facts it sums up. */
  spools(): Iterable<FollowedSpool>;
  liveRuns(): readonly LiveRunName[];
  /** Runs that the control plane takes for live and was not told of: the end of those that are not known here is told. */
  askedAfter(runs: readonly LiveRunName[]): void;
  /** The control plane has every record of `spool` below `next`. Repeats and unknown spools are harmless. */
  acknowledged(spool: SpoolId, next: number): void;
  /**
   * Carries a command out, at most once for each id; a `command` fact in the runner's own spool says what became of it.
   * `expired`: it came too late to be admitted, judged by the link in object time. `told`: where the control plane's
   * audit stood.
   */
  dispatch(command: Command, expired: boolean, told?: ChainHead): void;
  /** Says that nothing is done about an order that is not understood. */
  refuse(id: CommandId, refusal: Refusal): void;
  /** What the machine writes down of what it is told. */
  readonly audit: RunnerAudit;
  /** Looks for these in the output from now on, and for nothing else. `positions`: what the control plane wants next of each spool. */
  watchOutput(watches: readonly OutputWatch[], positions?: Readonly<Record<string, number>>): void;
  /** Answers what is asked and not stored; nothing is done by it. */
  answer(question: Question): Promise<RunnerAnswer>;
  /** Does what a viewer does to a run, in the order it comes for each process. */
  direct(frame: DirectFrame): Promise<DirectedFrame>;
}
