// Making, listing and deleting webhooks.

import { emptyRequestSchema } from "@longwire/shared/api/requests.ts";
import { webhookRequestSchema, webhooksQuerySchema } from "@longwire/shared/api/webhook-requests.ts";
import type { NewWebhook } from "@longwire/shared/api/webhooks.ts";
import { openWorkspace } from "../access/authorise.ts";
import { parseBody, parseQuery, readText } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import { makeWebhook } from "../webhooks/new-webhook.ts";
import type { App } from "./app.ts";
import { callerOf } from "./context.ts";
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
    const caller = await callerOf(c, "admin", "read");
    if (!caller.ok) return problemResponse(caller.refusal);
    const text = await readText(c.req.raw);
    if (!text.ok) return problemResponse(text.refusal);
    const body = parseBody(c.req.raw, text.value, webhookRequestSchema);
    if (!body.ok) return problemResponse(body.refusal);
    const making = await readMaking(c, caller.value, text.value);
    if (!making.ok) return problemResponse(making.refusal);
    const { once, draw } = making.value;
    const made = await makeWebhook(draw);
    const workspace = openWorkspace(c.env, caller.value);
    const webhook = await workspace.createWebhook(caller.value.tokenId, made, body.value, once);
    if (!webhook.ok) return problemResponse(webhook.refusal);
    const answer: NewWebhook = { ...webhook.value, secret: made.secret };
    return c.json(answer, 201, { Location: `/v1/webhooks/${made.id}`, "Cache-Control": "no-store" });
  });

  app.delete("/v1/webhooks/:webhook", async (c) => {
    const caller = await callerOf(c, "admin");
    if (!caller.ok) return problemResponse(caller.refusal);
    const text = await readText(c.req.raw);
    if (!text.ok) return problemResponse(text.refusal);
    const body = parseBody(c.req.raw, text.value, emptyRequestSchema);
    if (!body.ok) return problemResponse(body.refusal);
    const { tokenId } = caller.value;
    const deleted = await openWorkspace(c.env, caller.value).deleteWebhook(tokenId, c.req.param("webhook"));
    return deleted.ok ? c.body(null, 204) : problemResponse(deleted.refusal);
  });
}
