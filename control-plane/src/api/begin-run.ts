// A run's beginning, by a start or by a restart, and the wait that may follow it.

import type { StartRequest, StopRequest } from "@longwire/shared/api/requests.ts";
import type { Process, WaitResult } from "@longwire/shared/api/views.ts";
import { processIdSchema } from "@longwire/shared/ids.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { commandWaitMs, defaultGraceMs } from "@longwire/shared/limits.ts";
import type { Operation } from "@longwire/shared/wire/commands.ts";
import { refuse, succeed, type Result } from "../result.ts";
import { waitForRun } from "../waits/wait-for-run.ts";
import { act, type Acting } from "./command.ts";
import { ladderMs } from "./stops.ts";
import type { ReadWait } from "./waits.ts";

export interface Begun {
  readonly process: Process;
  /** Whether it is a process that lived already. */
  readonly isReused: boolean;
  /** Null where none was asked for. */
  readonly wait: WaitResult | null;
}

/** Starts a process and waits as asked. */
export async function beginRun(
  acting: Acting<StartRequest>,
  waiting: ReadWait | null,
  signal: AbortSignal,
): Promise<Result<Begun>> {
  const request = acting.body;
  if (waiting?.until.includes("ready") === true && request.ready === undefined && request.use === undefined) {
    return refuse(neverReady);
  }
  const stopMs = request.if_running === "restart" ? ladderMs(defaultGraceMs) : 0;
  return await begin(acting, { op: "start", request }, waiting, stopMs, signal);
}

const neverReady: Refusal = {
  code: "invalid_request",
  detail: "until: `ready` needs a condition for it in the request's `ready`",
  errors: [{ path: "until", message: "`ready` needs a condition for it in the request's `ready`" }],
};

/** Stops the process of this id or name, if it lives, begins its next run, and waits as asked. */
export async function beginAgain(
  acting: Acting<StopRequest>,
  idOrName: string,
  waiting: ReadWait | null,
  signal: AbortSignal,
): Promise<Result<Begun>> {
  const found = await acting.machine.findProcess(idOrName);
  if (!found.ok) return found;
  const process = processIdSchema.parse(found.value.process_id);
  const operation = { op: "restart", process, ...acting.body } as const;
  return await begin(acting, operation, waiting, ladderMs(operation.grace_ms), signal);
}

/** `stopMs`: what stopping the run before may take. A wait's time includes that. */
async function begin(
  acting: Acting<unknown>,
  operation: Operation,
  waiting: ReadWait | null,
  stopMs: number,
  signal: AbortSignal,
): Promise<Result<Begun>> {
  const { machine, standing } = acting;
  const actMs = waiting === null ? stopMs + commandWaitMs : Math.min(stopMs + commandWaitMs, waiting.startMs);
  const done = await act(acting, operation, actMs);
  if (!done.ok) return done;
  const { outcome, process: begun } = done.value;
  const isReused = outcome.reused === true;
  if (waiting === null) return succeed({ process: begun, isReused, wait: null });
  const after = { run: begun.run, offset: 0 };
  const waited = await waitForRun({ ...waiting, machine, standing, process: begun.process_id, after, signal });
  if (!waited.ok) return waited;
  const { process, ...wait } = waited.value;
  return succeed({ process, isReused, wait });
}
