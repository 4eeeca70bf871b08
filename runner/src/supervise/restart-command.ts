// Begins the next run of a process that is known already: the live one is stopped first, as a stop does. One that waits
// for its turn has nothing to stop and begins at once.

import type { CommandId } from "@longwire/shared/ids.ts";
import type { Operation } from "@longwire/shared/wire/commands.ts";
import { admitStart } from "../admit/admission.ts";
import { unknownProcess } from "./find-live.ts";
import { askedOf } from "./kept-start.ts";
import { refused, type Outcome } from "./outcome.ts";
import type { Beginning } from "./process-keeper.ts";
import { describeBeginning, type StartContext, whoAsks } from "./start-command.ts";
import { stopForNext } from "./stop-for-next.ts";

type RestartOperation = Extract<Operation, { op: "restart" }>;

export async function carryOutRestart(
  context: StartContext,
  id: CommandId,
  { process, signal, grace_ms: graceMs }: RestartOperation,
): Promise<Outcome> {
  const { settings, keeper } = context;
  const asked = keeper.processes.find(process);
  if (asked === null) {
    if (!keeper.processes.wasGiven(process)) return refused(unknownProcess(process));
    const detail = `How ${process} was started is not remembered any more.`;
    return refused({ code: "process_ended", detail, hint: "Start it anew." });
  }
  const beginning = await keeper.holds.inTurn(process, async (hold): Promise<Beginning> => {
    const admission = admitStart(settings, askedOf(asked));
    if (admission.type === "refused") return admission;
    const unasked = keeper.asker.findHindrance(admission);
    if (unasked !== null) return { type: "refused", refusal: unasked };
    const hindrance = await stopForNext(context.liveRun(process), hold, { commandId: id, signal, graceMs });
    // The end of a run writes anew what is kept.
    return (
      hindrance ?? keeper.beginNext(keeper.processes.find(process) ?? asked, id, { ...admission, ...whoAsks(context) })
    );
  });
  return await describeBeginning(beginning);
}
