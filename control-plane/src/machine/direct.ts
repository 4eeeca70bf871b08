// What a viewer does to a run over its socket: named, handed to the runner at once, and answered by its number.

import type { ControlFrame } from "@longwire/shared/viewer-frame.ts";
import type { ActRequest } from "@longwire/shared/viewer-request.ts";
import type { Actor } from "@longwire/shared/audit/entry.ts";
import type { ErrorCode } from "@longwire/shared/errors.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import type { RunView } from "@longwire/shared/run-view.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import type { DirectOperation } from "@longwire/shared/wire/direct.ts";
import type { Answered, Asking } from "./questions.ts";

/** So many acts of one viewer may wait for the runner. */
const maxWaiting = 256;

export interface DirectParts {
  /** The latest run of the process with this id or name. */
  readonly find: (idOrName: string) => RunView | null;
  readonly ask: (asking: Asking) => Promise<Answered>;
  /** A signal was asked for, and what became of it; what is typed is told by its sum. */
  readonly onSignal: (actor: Actor | null, operation: DirectOperation, code: ErrorCode | undefined) => void;
}

export type Acted = Extract<ControlFrame, { type: "acted" }>;

/** Does it for a viewer that waits for `waiting` acts, this one included. */
export async function actDirectly(
  { find, ask, onSignal }: DirectParts,
  request: ActRequest,
  actor: Actor | null,
  waiting: number,
): Promise<Acted> {
  const { n, process } = request;
  if (waiting > maxWaiting) {
    return { type: "acted", n, code: "limit_reached", detail: "Too much waits for the machine already." };
  }
  const view = find(process);
  if (view === null) {
    return { type: "acted", n, code: "not_found", detail: `This machine has no process ${JSON.stringify(process)}.` };
  }
  const operation = toOperation(request, view.process, view.label.tty);
  const acted = tell(n, await ask({ type: "direct", operation }));
  if (operation.op === "signal") onSignal(actor, operation, acted.code);
  return acted;
}

function tell(n: number, answered: Answered): Acted {
  switch (answered.type) {
    case "offline":
      return { type: "acted", n, code: "machine_offline", detail: "The machine is not connected; nothing was sent." };
    case "silent":
      return { type: "acted", n, code: "runner_timeout", detail: "The machine did not say whether it was done." };
    case "answered": {
      if (answered.answer.type !== "directed") throw new Error("the runner answered something else");
      const { code, detail, hint } = answered.answer;
      return { type: "acted", n, code, detail, hint };
    }
    default:
      return unreachable(answered);
  }
}

function toOperation(request: ActRequest, process: ProcessId, tty: boolean): DirectOperation {
  switch (request.type) {
    case "input":
      return { op: "input", process, input: request.input };
    case "resize":
      return { op: "resize", process, size: request.size };
    case "interrupt":
      // In a terminal what runs in its foreground is meant.
      return tty
        ? { op: "input", process, input: { keys: ["Ctrl-C"], enter: false, close: false } }
        : { op: "signal", process, signal: "SIGINT", tree: false };
    default:
      return unreachable(request);
  }
}
