// Which file carries a command out.

import type { Command } from "@longwire/shared/wire/commands.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import type { ApprovalDesk } from "../approve/approval-desk.ts";
import { carryOutAct } from "./act-commands.ts";
import { carryOutDecision } from "./decide-command.ts";
import { carryOutSignal, carryOutStop, type EndContext } from "./end-commands.ts";
import { carryOutForget, type ForgetContext } from "./forget-command.ts";
import type { Outcome } from "./outcome.ts";
import { carryOutRestart } from "./restart-command.ts";
import { carryOutStart } from "./start-command.ts";

/** What commands need of the machine. */
export interface CommandContext extends EndContext, ForgetContext {
  readonly approvals: ApprovalDesk;
}

export function carryOut(
  machine: CommandContext,
  { id, operation, actor }: Pick<Command, "id" | "operation" | "actor">,
): Promise<Outcome> {
  const context = actor === undefined ? machine : { ...machine, actor };
  switch (operation.op) {
    case "start":
      return carryOutStart(context, id, operation.request);
    case "stop":
      return carryOutStop(context, id, operation);
    case "signal":
      return carryOutSignal(context, id, operation);
    case "restart":
      return carryOutRestart(context, id, operation);
    case "forget":
      return carryOutForget(context, operation.process);
    case "decide":
      return Promise.resolve(carryOutDecision(context.approvals, operation));
    case "pause":
    case "resume":
    case "input":
    case "resize":
      return carryOutAct(context, id, operation);
    default:
      return unreachable(operation);
  }
}
