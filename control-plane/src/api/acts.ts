// What changes a process that goes on: input, with a wait for what it makes of it, the size of its terminal, pause and
// resume.

import type * as z from "zod";
import { emptyRequestSchema, inputRequestSchema, resizeRequestSchema } from "@longwire/shared/api/requests.ts";
import { startQuerySchema } from "@longwire/shared/api/wait-requests.ts";
import { processIdSchema, type ProcessId } from "@longwire/shared/ids.ts";
import type { Scope } from "@longwire/shared/scopes.ts";
import type { Operation } from "@longwire/shared/wire/commands.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import type { Result } from "../result.ts";
import { waitForRun } from "../waits/wait-for-run.ts";
import type { App } from "./app.ts";
import { act, readActing, type Acting, type Done } from "./command.ts";
import { waitNeeds, type Call } from "./context.ts";
import { readWait } from "./waits.ts";

const path = "/v1/machines/:machine/processes/:process";

export function addActs(app: App): void {
  app.post(`${path}/resize`, (c) =>
    answer(c, resizeRequestSchema, "input", (process, size) => ({ op: "resize", process, size })),
  );
  app.post(`${path}/pause`, (c) => answer(c, emptyRequestSchema, "run", (process) => ({ op: "pause", process })));
  app.post(`${path}/resume`, (c) => answer(c, emptyRequestSchema, "run", (process) => ({ op: "resume", process })));

  app.post(`${path}/input`, async (c) => {
    const beganAt = Date.now();
    const acting = await readActing(c, inputRequestSchema, "input", ...waitNeeds(c));
    if (!acting.ok) return problemResponse(acting.refusal);
    const query = parseQuery(c.req.url, startQuerySchema, "until");
    if (!query.ok) return problemResponse(query.refusal);
    const waiting = query.value === null ? null : readWait(query.value, beganAt);
    if (waiting?.ok === false) return problemResponse(waiting.refusal);
    const { machine, standing, body } = acting.value;
    const asInput = (process: ProcessId): Operation => ({ op: "input", process, input: body });
    const done = await actOn(c, acting.value, asInput, waiting?.value.startMs);
    if (!done.ok) return problemResponse(done.refusal);
    const { outcome, process } = done.value;
    if (waiting === null) return c.json({ process });
    // What the machine had read of its output when it gave the input: all after that may be an answer to it.
    const after = { run: process.run, offset: outcome.offset ?? process.output_bytes };
    const { signal } = c.req.raw;
    const waited = await waitForRun({
      ...waiting.value,
      machine,
      standing,
      process: process.process_id,
      after,
      signal,
    });
    return waited.ok ? c.json(waited.value) : problemResponse(waited.refusal);
  });
}

/** Reads the body, has the machine do what is asked, and answers with the process. */
async function answer<T>(
  c: Call,
  schema: z.ZodType<T>,
  need: Scope,
  toOperation: (process: ProcessId, body: T) => Operation,
): Promise<Response> {
  const acting = await readActing(c, schema, need);
  if (!acting.ok) return problemResponse(acting.refusal);
  const done = await actOn(c, acting.value, (process) => toOperation(process, acting.value.body));
  return done.ok ? c.json({ process: done.value.process }) : problemResponse(done.refusal);
}

/** Submits what `toOperation` makes of the process in the path. */
async function actOn(
  c: Call,
  acting: Acting<unknown>,
  toOperation: (process: ProcessId) => Operation,
  waitMs?: number,
): Promise<Result<Done>> {
  const found = await acting.machine.findProcess(c.req.param("process") ?? "");
  if (!found.ok) return found;
  return await act(acting, toOperation(processIdSchema.parse(found.value.process_id)), waitMs);
}
