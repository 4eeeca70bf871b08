// The run that something is asked of, if that can be asked of it now.

import type { Refusal } from "@longwire/shared/errors.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import { judgeAction, type ProcessAction, type WaitingReason } from "@longwire/shared/process-state.ts";
import type { FollowedRun } from "./followed-run.ts";
import { isWaiting, type WaitingStart } from "./kept-start.ts";
import { done, refused, type Outcome } from "./outcome.ts";
import type { ProcessKeeper } from "./process-keeper.ts";

export interface FindContext {
  /** The process's run that is not over; null where there is none. */
  readonly liveRun: (process: ProcessId) => FollowedRun | null;
  /** Whether there ever was such a process. */
  readonly wasGiven: (process: ProcessId) => boolean;
  readonly keeper: ProcessKeeper;
}

export type Found =
  | { readonly type: "live"; readonly run: FollowedRun }
  /** Nothing is to be done: it is so already, or it cannot be. */
  | { readonly type: "settled"; readonly outcome: Outcome };

export async function findLive(context: FindContext, process: ProcessId, action: ProcessAction): Promise<Found> {
  const run = context.liveRun(process);
  if (run === null) {
    const kept = context.keeper.processes.find(process);
    if (kept !== null && isWaiting(kept)) return settled(refused(notBegun(kept)));
    return settled(refused(context.wasGiven(process) ? hasEnded(process) : unknownProcess(process)));
  }
  // Its shim may just be starting the program.
  await run.begun;
  const verdict = judgeAction(run.state, action);
  if (verdict === "allowed") return { type: "live", run };
  return settled(
    verdict === "done"
      ? done({ process, run: run.run })
      : refused(run.state === "stopping" ? isStopping(process) : hasEnded(process)),
  );
}

const waits: Readonly<Record<WaitingReason, string>> = {
  queue: "its turn in its queue",
  delay: "its time",
  needs: "the commands it needs",
  approval: "the approval of the machine's owner",
  restart: "its next try after a restart's delay",
};

const settled = (outcome: Outcome): Found => ({ type: "settled", outcome });

export const hasEnded = (process: ProcessId): Refusal => ({ code: "process_ended", detail: `${process} has ended.` });

export const unknownProcess = (process: ProcessId): Refusal => ({
  code: "not_found",
  detail: `There is no process ${process} on this machine.`,
});

const isStopping = (process: ProcessId): Refusal => ({
  code: "process_ended",
  detail: `${process} is being stopped.`,
});

/** None of the codes for a process's state is true of a run that is still to come. */
const notBegun = ({ process, phase }: WaitingStart): Refusal => ({
  code: "invalid_request",
  detail: `${process} has not begun yet: it waits for ${waits[phase.waitingFor]}.`,
  hint: "Ask again once it runs; it can be stopped before.",
});
