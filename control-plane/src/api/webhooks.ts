// Making, listing and deleting webhooks.

import { emptyRequestSchema } from "@longwire/shared/api/requests.ts";
import { webhookRequestSchema, webhooksQuerySchema } from "@longwire/shared/api/webhook-requests.ts";
import type { NewWebhook } from "@longwire/shared/api/webhooks.ts";
import { openWorkspace } from "../access/authorise.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import { makeWebhook } from "../webhooks/new-webhook.ts";
import type { App } from "./app.ts";
import { callerOf, readAsked } from "./context.ts";
import { readMaking } from "./once.ts";

export function addWebhooks(app: App): void {
  app.get("/v1/webhooks", async (c) => {
    const caller = await callerOf(c, "admin");
    if (!caller.ok) return problemResponse(caller.refusal);
    const query = parseQuery(c.req.url, webhooksQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const page = await openWorkspace(c.env, caller.value).listWebhooks(caller.value.tokenId, query.value);
    return page.ok ? c.json(page.value) : problemResponse(page.refusal);
  });

  app.post("/v1/webhooks", async (c) => {
    const making = await readMaking(c, webhookRequestSchema, "admin", "read");
    if (!making.ok) return problemResponse(making.refusal);
    const { caller, body, once, draw } = making.value;
    const made = await makeWebhook(draw);
    const webhook = await openWorkspace(c.env, caller).createWebhook(caller.tokenId, made, body, once);
    if (!webhook.ok) return problemResponse(webhook.refusal);
    const answer: NewWebhook = { ...webhook.value, secret: made.secret };
    return c.json(answer, 201, { Location: `/v1/webhooks/${made.id}`, "Cache-Control": "no-store" });
  });

  app.delete("/v1/webhooks/:webhook", async (c) => {
    const asked = await readAsked(c, emptyRequestSchema, "admin");
    if (!asked.ok) return problemResponse(asked.refusal);
    const { caller } = asked.value;
    const deleted = await openWorkspace(c.env, caller).deleteWebhook(caller.tokenId, c.req.param("webhook"));
    return deleted.ok ? c.body(null, 204) : problemResponse(deleted.refusal);
  });
}
