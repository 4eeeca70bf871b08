// Carries out what changes a run that goes on: input, resize, pause and resume.

import type { Refusal } from "@longwire/shared/errors.ts";
import type { CommandId, ProcessId } from "@longwire/shared/ids.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import type { Operation } from "@longwire/shared/wire/commands.ts";
import type { ActResult } from "../shim/control-messages.ts";
import { type FindContext, findLive, hasEnded } from "./find-live.ts";
import { encodeInput } from "./input-bytes.ts";
import { done, refused, type Outcome } from "./outcome.ts";
import type { ShimRequest } from "./shim-connection.ts";

type ActOperation = Extract<Operation, { op: "input" | "resize" | "pause" | "resume" }>;

export async function carryOutAct(context: FindContext, id: CommandId, operation: ActOperation): Promise<Outcome> {
  const { process, op } = operation;
  const found = await findLive(context, process, op);
  if (found.type === "settled") return found.outcome;
  const { run } = found;
  const request = toRequest(id, operation, run.spec.label.tty);
  if (request.type === "refused") return refused(request.refusal);
  const answer = await run.ask(request.request);
  if (answer?.type !== "act_result") return refused(hasEnded(process));
  const { result } = answer;
  return result.done ? done({ process, run: run.run, offset: result.offset }) : refused(explain(process, result.why));
}

type AsRequest =
  | { readonly type: "request"; readonly request: ShimRequest }
  | { readonly type: "refused"; readonly refusal: Refusal };

function toRequest(id: CommandId, operation: ActOperation, tty: boolean): AsRequest {
  if (operation.op === "pause" || operation.op === "resume") {
    return { type: "request", request: { type: operation.op, command_id: id } };
  }
  if (operation.op === "resize") {
    const { cols, rows } = operation.size;
    return { type: "request", request: { type: "resize", cols, rows } };
  }
  const input = encodeInput(operation.input, tty);
  if (input.type === "refused") return input;
  const data_base64 = input.bytes.toString("base64");
  return { type: "request", request: { type: "input", command_id: id, data_base64, close: operation.input.close } };
}

function explain(process: ProcessId, why: Extract<ActResult, { done: false }>["why"]): Refusal {
  switch (why) {
    case "ended":
      return hasEnded(process);
    case "no_terminal":
      return {
        code: "invalid_request",
        detail: `${process} has no terminal, so it has no size.`,
        hint: "Start it with `tty` to give it one.",
      };
    case "input_closed":
      return {
        code: "invalid_request",
        detail: `The input of ${process} is closed, by an earlier request or by the process itself.`,
        hint: "Nothing was sent. Start the process again to give it input.",
      };
    case "input_full":
      return {
        code: "limit_reached",
        detail: `${process} does not read its input: as much waits for it as can wait.`,
        hint: "Nothing was sent. Send it again once the process has read.",
      };
    default:
      return unreachable(why);
  }
}
