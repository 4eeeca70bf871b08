// Carries out what changes a run that goes on: input, resize, pause and resume.

import type { Refusal } from "@longwire/shared/errors.ts";
import type { CommandId, ProcessId } from "@longwire/shared/ids.ts";
import { judgeAction } from "@longwire/shared/process-state.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import type { Operation } from "@longwire/shared/wire/commands.ts";
import type { ActResult } from "../shim/control-messages.ts";
import { type EndContext, unknownProcess } from "./end-commands.ts";
import { encodeInput } from "./input-bytes.ts";
import { done, refused, type Outcome } from "./outcome.ts";
import type { ShimRequest } from "./shim-connection.ts";

type ActOperation = Extract<Operation, { op: "input" | "resize" | "pause" | "resume" }>;
type ActContext = Pick<EndContext, "liveRun" | "wasGiven">;

export async function carryOutAct(context: ActContext, id: CommandId, operation: ActOperation): Promise<Outcome> {
  const { process, op } = operation;
  const run = context.liveRun(process);
  if (run === null) return refused(context.wasGiven(process) ? ended(process) : unknownProcess(process));
  // Its shim is just starting the program.
  await run.begun;
  const verdict = judgeAction(run.state, op);
  if (verdict === "process_ended") return refused(ended(process));
  if (verdict === "done") return done({ process, run: run.run });
  const request = toRequest(id, operation, run.spec.label.tty);
  if (request.type === "refused") return refused(request.refusal);
  const answer = await run.ask(request.request);
  if (answer?.type !== "act_result") return refused(ended(process));
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

const ended = (process: ProcessId): Refusal => ({ code: "process_ended", detail: `${process} has ended.` });

function explain(process: ProcessId, why: Extract<ActResult, { done: false }>["why"]): Refusal {
  switch (why) {
    case "ended":
      return ended(process);
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
