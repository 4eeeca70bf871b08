// Stopping one process, or every live one that a part of its command, a tag or nothing at all selects. The answer
// comes when the trees are gone, or says who survived.

import {
  stopManyRequestSchema,
  stopRequestSchema,
  type StopManyRequest,
  type StopRequest,
} from "@longwire/shared/api/requests.ts";
import type { StopAnswer } from "@longwire/shared/api/views.ts";
import { processIdSchema } from "@longwire/shared/ids.ts";
import { problemResponse } from "../access/problem.ts";
import { succeed, type Result } from "../result.ts";
import type { App } from "./app.ts";
import { act, readActing, type Acting } from "./command.ts";

/** The ladder's two rungs with a grace each, and its last one. */
export const ladderMs = (graceMs: number): number => 2 * graceMs + 5000;

export function addStops(app: App): void {
  app.post("/v1/machines/:machine/processes/stop", async (c) => {
    const acting = await readActing(c, stopManyRequestSchema, "run");
    if (!acting.ok) return problemResponse(acting.refusal);
    const stopped = await stopMany(acting.value);
    return stopped.ok ? c.json({ items: stopped.value, next_cursor: null }) : problemResponse(stopped.refusal);
  });

  app.post("/v1/machines/:machine/processes/:process/stop", async (c) => {
    const acting = await readActing(c, stopRequestSchema, "run");
    if (!acting.ok) return problemResponse(acting.refusal);
    const answer = await stopOne(acting.value, c.req.param("process"));
    return answer.ok ? c.json(answer.value) : problemResponse(answer.refusal);
  });
}

/** Stops the process of this id or name. */
export async function stopOne(acting: Acting<StopRequest>, idOrName: string): Promise<Result<StopAnswer>> {
  const found = await acting.machine.findProcess(idOrName);
  return found.ok ? await stop(acting, found.value.process_id, acting.body) : found;
}

/** Stops every live process that is selected. */
export async function stopMany(acting: Acting<StopManyRequest>): Promise<Result<StopAnswer[]>> {
  const { contains, tag } = acting.body;
  const ids = await acting.machine.selectProcesses({ contains, tag });
  const answers = await Promise.all(ids.map((id) => stop(acting, id, acting.body)));
  const failed = answers.find((answer) => !answer.ok);
  if (failed !== undefined && !failed.ok) return failed;
  return succeed(answers.flatMap((answer) => (answer.ok ? [answer.value] : [])));
}

async function stop(acting: Acting<unknown>, id: string, how: StopRequest): Promise<Result<StopAnswer>> {
  const process = processIdSchema.parse(id);
  const operation = { op: "stop", process, signal: how.signal, grace_ms: how.grace_ms } as const;
  const done = await act(acting, operation, ladderMs(how.grace_ms));
  if (!done.ok) return done;
  const { outcome } = done.value;
  return succeed({
    stopped: outcome.stopped ?? false,
    survivors: outcome.survivors ?? [],
    process: done.value.process,
  });
}
