// What changes a process that goes on: input, with a wait for what it makes of it, the size of its terminal, pause and
// resume.

import type * as z from "zod";
import { emptyRequestSchema, inputRequestSchema, resizeRequestSchema } from "@longwire/shared/api/requests.ts";
import { startQuerySchema } from "@longwire/shared/api/wait-requests.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import type { Scope } from "@longwire/shared/scopes.ts";
import type { Operation } from "@longwire/shared/wire/commands.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import type { App } from "./app.ts";
import { actOn, readActing } from "./command.ts";
import { waitNeeds, type Call } from "./context.ts";
import { giveInput } from "./give-input.ts";
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
    const given = await giveInput(acting.value, c.req.param("process"), waiting?.value ?? null, c.req.raw.signal);
    if (!given.ok) return problemResponse(given.refusal);
    const { process, wait } = given.value;
    return c.json(wait ?? { process });
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
  const named = c.req.param("process") ?? "";
  const done = await actOn(acting.value, named, (process) => toOperation(process, acting.value.body));
  return done.ok ? c.json({ process: done.value.process }) : problemResponse(done.refusal);
}
