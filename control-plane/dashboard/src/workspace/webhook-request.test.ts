import { expect, test } from "vitest";
import { webhookRequestSchema } from "@longwire/shared/api/webhook-requests.ts";
import { emptyWebhook, webhookRequest } from "./webhook-request.ts";

test("[B7] a webhook's form asks for what was filled in, as the API takes it", () => {
  const url = "https://example.com/hook";
  expect(webhookRequest({ ...emptyWebhook, url: ` ${url} `, pattern: "left over" })).toEqual({
    url,
    events: ["exited"],
  });
  const full = { url, name: "ci", events: ["match", "ready"] as const, process: "web", tag: "", pattern: "error: .*" };
  const request = webhookRequest(full);
  expect(request).toEqual({ url, name: "ci", events: ["match", "ready"], process: "web", pattern: "error: .*" });
  expect(webhookRequestSchema.safeParse(request).success).toBe(true);
});
