// Input to a process, with a wait for what it makes of it.

import type { InputRequest } from "@longwire/shared/api/requests.ts";
import type { Process, WaitAnswer } from "@longwire/shared/api/views.ts";
import type { RunPlace } from "../machine/find-run.ts";
import { succeed, type Result } from "../result.ts";
import { waitForRun } from "../waits/wait-for-run.ts";
import { actOn, type Acting } from "./command.ts";
import type { ReadWait } from "./waits.ts";

export interface Given {
  readonly process: Process;
  /** Where its output stood: all after that may be an answer to the input. */
  readonly from: RunPlace;
  /** Null where none was asked for. */
  readonly wait: WaitAnswer | null;
}

/** Gives the input to the process of this id or name, and waits as asked. */
export async function giveInput(
  acting: Acting<InputRequest>,
  idOrName: string,
  waiting: ReadWait | null,
  signal: AbortSignal,
): Promise<Result<Given>> {
  const { machine, standing, body: input } = acting;
  const done = await actOn(acting, idOrName, (process) => ({ op: "input", process, input }), waiting?.startMs);
  if (!done.ok) return done;
  const { outcome, process } = done.value;
  const from = { run: process.run, offset: outcome.offset ?? process.output_bytes };
  if (waiting === null) return succeed({ process, from, wait: null });
  const wait = { ...waiting, machine, standing, process: process.process_id, after: from, signal };
  const waited = await waitForRun(wait);
  return waited.ok ? succeed({ process: waited.value.process, from, wait: waited.value }) : waited;
}
