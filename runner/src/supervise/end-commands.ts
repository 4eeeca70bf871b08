// Carries out what is asked of a process that exists: stop and signal.

import type { CommandId } from "@longwire/shared/ids.ts";
import type { Operation } from "@longwire/shared/wire/commands.ts";
import type { StopResult } from "../shim/control-messages.ts";
import { type FindContext, findLive, hasEnded, unknownProcess } from "./find-live.ts";
import { done, refused, type Outcome } from "./outcome.ts";
import type { Survivors } from "./survivors.ts";

export interface EndContext extends FindContext {
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
  const found = await findLive(context, process, "signal");
  if (found.type === "settled") return found.outcome;
  const answer = await found.run.ask({ type: "signal", command_id: id, signal, tree });
  if (answer?.type !== "signal_result" || !answer.delivered) return refused(hasEnded(process));
  return done({ process, run: found.run.run });
}

function parts({ stopped, survivors }: StopResult): Pick<Outcome, "stopped" | "survivors"> {
  return { stopped, survivors: survivors.map((one) => ({ ...one, ports: [...one.ports] })) };
}
