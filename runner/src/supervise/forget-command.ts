// Forgets an ended process: what its start asked goes from the disk, its name is free, and the log is told.

import type { ProcessId } from "@longwire/shared/ids.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import { unknownProcess } from "./find-live.ts";
import { isWaiting } from "./kept-start.ts";
import { done, refused, type Outcome } from "./outcome.ts";
import type { StartContext } from "./start-command.ts";

export interface ForgetContext extends StartContext {
  /** Resolves when all that ended runs of the process told is stored by the control plane. */
  readonly drained: (process: ProcessId) => Promise<void>;
  readonly tell: (fact: RunFact) => void;
  readonly now: () => number;
}

export async function carryOutForget(context: ForgetContext, process: ProcessId): Promise<Outcome> {
  const { keeper } = context;
  return await keeper.holds.inTurn(process, async () => {
    if (!keeper.processes.wasGiven(process)) return refused(unknownProcess(process));
    const kept = keeper.processes.find(process);
    if (context.liveRun(process) !== null || (kept !== null && isWaiting(kept))) {
      return refused({ code: "process_running", detail: `${process} is not ended yet.` });
    }
    // What came of it after this would bring it back.
    await context.drained(process);
    keeper.processes.forget(process);
    context.tell({ type: "forgotten", at: context.now(), process, run: kept?.run ?? 1 });
    return done({});
  });
}
