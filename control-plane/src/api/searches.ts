// Looking for a pattern in what a machine's processes printed, or those of all machines a token reaches.

import { machineSearchQuerySchema, searchQuerySchema } from "@longwire/shared/api/search-requests.ts";
import { maxSearchBytes } from "@longwire/shared/limits.ts";
import { compilePattern } from "@longwire/shared/pattern.ts";
import { openMachine } from "../access/authorise.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import { searchMachine } from "../output/search-machine.ts";
import type { App } from "./app.ts";
import { callerOf, machineOf } from "./context.ts";

/** What each of many machines is searched at the least. */
const minSteps = 1024 * 1024;

export function addSearches(app: App): void {
  app.get("/v1/machines/:machine/search", async (c) => {
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    const query = parseQuery(c.req.url, machineSearchQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const pattern = compilePattern(query.value.pattern);
    if (!pattern.ok) return problemResponse(pattern.refusal);
    const { machine } = reached.value;
    const search = { machine, pattern: pattern.value, query: query.value, maxSteps: maxSearchBytes };
    const answer = await searchMachine(search);
    if (!answer.ok) return problemResponse(answer.refusal);
    return c.json(answer.value, 200, { "Cache-Control": "no-store" });
  });

  app.get("/v1/search", async (c) => {
    const caller = await callerOf(c, "read");
    if (!caller.ok) return problemResponse(caller.refusal);
    const query = parseQuery(c.req.url, searchQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const pattern = compilePattern(query.value.pattern);
    if (!pattern.ok) return problemResponse(pattern.refusal);
    const { machines } = caller.value;
    const maxSteps = Math.max(minSteps, Math.floor(maxSearchBytes / Math.max(1, machines.length)));
    const answers = machines.map(async (entry) => {
      const opened = openMachine(c.env, entry);
      if (!opened.ok) return [];
      const machine = opened.value;
      const answer = await searchMachine({ machine, pattern: pattern.value, query: query.value, maxSteps });
      // The one process that is asked for is on some of the machines.
      return answer.ok ? [{ machine_id: entry.id, name: entry.name, ...answer.value }] : [];
    });
    return c.json({ machines: (await Promise.all(answers)).flat() }, 200, { "Cache-Control": "no-store" });
  });
}
