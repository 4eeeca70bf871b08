// The machine's events over HTTP: a page of JSON after a cursor, waiting for the first one if asked, or the same
// as a stream of server-sent events. The reader holds its cursor.

import { eventsQuerySchema } from "@longwire/shared/api/requests.ts";
import { problemResponse } from "../access/problem.ts";
import { parseQuery } from "../access/body.ts";
import { streamEvents } from "../waits/event-stream.ts";
import { waitForEvent } from "../waits/wait-for-event.ts";
import type { App } from "./app.ts";
import { machineOf } from "./context.ts";

export function addEvents(app: App): void {
  app.get("/v1/machines/:machine/events", async (c) => {
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    const query = parseQuery(c.req.url, eventsQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const { machine, standing } = reached.value;
    const { after, limit, wait_ms: waitMs, ...filter } = query.value;
    const { signal } = c.req.raw;
    if (/\btext\/event-stream\b/.test(c.req.header("Accept") ?? "")) {
      const lastEventId = c.req.header("Last-Event-ID");
      return await streamEvents({ machine, standing, after, filter, lastEventId, signal });
    }
    let page = await machine.readEvents(after, limit, filter);
    if (page.ok && page.value.texts.length === 0 && waitMs > 0) {
      const from = page.value.nextAfter;
      const refusal = await waitForEvent({ machine, standing, after: from, filter, waitMs, signal });
      if (refusal !== null) return problemResponse(refusal);
      page = await machine.readEvents(from, limit, filter);
    }
    if (!page.ok) return problemResponse(page.refusal);
    const { texts, nextAfter, head } = page.value;
    const headers = { "Content-Type": "application/json", "Cache-Control": "no-store" };
    return c.body(`{"events":[${texts.join(",")}],"next_after":${nextAfter},"head":${head}}`, 200, headers);
  });
}
