// Machines a token reaches.

import { problemResponse } from "../access/problem.ts";
import { openMachine } from "../access/authorise.ts";
import type { App } from "./app.ts";
import { callerOf, machineOf } from "./context.ts";

export function addMachines(app: App): void {
  app.get("/v1/machines", async (c) => {
    const caller = await callerOf(c, "read");
    if (!caller.ok) return problemResponse(caller.refusal);
    const views = caller.value.machines.map(async (machine) => {
      const opened = openMachine(c.env, machine);
      return opened.ok ? [await opened.value.view()] : [];
    });
    return c.json({ items: (await Promise.all(views)).flat(), next_cursor: null });
  });

  app.get("/v1/machines/:machine", async (c) => {
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    return c.json(await reached.value.machine.view());
  });
}
