// Carries out what is asked of a process that exists: stop and signal.

import type { CommandId, ProcessId } from "@longwire/shared/ids.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { Operation } from "@longwire/shared/wire/commands.ts";
import type { StopResult } from "../shim/control-messages.ts";
import type { FollowedRun } from "./followed-run.ts";
import { done, refused, type Outcome } from "./outcome.ts";
import type { ProcessKeeper } from "./process-keeper.ts";
import type { Survivors } from "./survivors.ts";

export interface EndContext {
  /** The process's run that is not over; null where there is none. */
  readonly liveRun: (process: ProcessId) => FollowedRun | null;
  /** Whether there ever was such a process. */
  readonly wasGiven: (process: ProcessId) => boolean;
  readonly keeper: ProcessKeeper;
  /** Who outlived the stops of ended processes. */
  readonly survivors: Survivors;
}

type StopOperation = Extract<Operation, { op: "stop" }>;
type SignalOperation = Extract<Operation, { op: "signal" }>;

export async function carryOutStop(context: EndContext, id: CommandId, operation: StopOperation): Promise<Outcome> {
  const { process, signal, grace_ms: graceMs } = operation;
  const { keeper } = context;
  keeper.holds.cancel(process);
  const waited = keeper.endWaiting(process);
  if (waited !== null) return done({ process, run: waited, stopped: true, survivors: [] });
  const run = context.liveRun(process);
  if (run === null) {
    if (!context.wasGiven(process)) return refused(unknownProcess(process));
    return done({ process, ...parts(context.survivors.of(process)) });
  }
  const result = await run.stop({ commandId: id, signal, graceMs });
  context.survivors.note(process, result.survivors);
  return done({ process, run: run.run, ...parts(result) });
}

export async function carryOutSignal(context: EndContext, id: CommandId, operation: SignalOperation): Promise<Outcome> {
  const { process, signal, tree } = operation;
  const run = context.liveRun(process);
  if (run === null && !context.wasGiven(process)) return refused(unknownProcess(process));
  const answer = await run?.ask({ type: "signal", command_id: id, signal, tree });
  if (run === null || answer?.type !== "signal_result" || !answer.delivered)
    return refused({ code: "process_ended", detail: `${process} has ended.` });
  return done({ process, run: run.run });
}

export const unknownProcess = (process: ProcessId): Refusal => ({
  code: "not_found",
  detail: `There is no process ${process} on this machine.`,
});

function parts({ stopped, survivors }: StopResult): Pick<Outcome, "stopped" | "survivors"> {
  return { stopped, survivors: survivors.map((one) => ({ ...one, ports: [...one.ports] })) };
}
