// Webhooks: making, listing and deleting them.

import { emptyRequestSchema } from "@longwire/shared/api/requests.ts";
import { webhookRequestSchema, webhooksQuerySchema } from "@longwire/shared/api/webhook-requests.ts";
import { newWebhookSchema, webhookListSchema } from "@longwire/shared/api/webhooks.ts";
import { json, nothing, type Operations } from "./operation.ts";

const tag = "Webhooks";

export const webhookOperations: Operations = {
  "GET /v1/webhooks": {
    ...{ id: "listWebhooks", tag, summary: "List webhooks with what became of their last deliveries" },
    query: webhooksQuerySchema,
    answers: { 200: json("Without their secrets.", webhookListSchema) },
  },
  "POST /v1/webhooks": {
    ...{ id: "createWebhook", tag, summary: "Have events posted to an address" },
    description: "Signed by the Standard Webhooks scheme; tried again for up to a day until it is answered 2xx.",
    body: webhookRequestSchema,
    makes: true,
    answers: { 201: json("The webhook, with the secret it signs with, told once.", newWebhookSchema, ["Location"]) },
  },
  "DELETE /v1/webhooks/:webhook": {
    ...{ id: "deleteWebhook", tag, summary: "Delete a webhook; nothing is sent to it any more" },
    body: emptyRequestSchema,
    answers: { 204: nothing },
    refusals: ["not_found"],
  },
};
