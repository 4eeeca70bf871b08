// Webhooks of a workspace, as they are shown. The secret they are signed with is in the answer that made
// one and nowhere else.

import * as z from "zod";

/** `exited`: a run ended, or never came to begin. `match`: a line of output matched. `offline`: a machine's runner is gone. */
export const webhookEvents = ["exited", "match", "ready", "approval", "offline"] as const;
export type WebhookEvent = (typeof webhookEvents)[number];

export const deliveryStates = ["waiting", "delivered", "failed"] as const;

/** What became of one delivery. */
export const webhookResultSchema = z
  .object({
    id: z.string().meta({ description: "The `webhook-id` it is sent with, the same at each try." }),
    type: z.enum(webhookEvents),
    state: z.enum(deliveryStates).meta({ description: "`failed`: given up." }),
    status: z.number().int().nullable().meta({ description: "The last answer's; null where none came." }),
    error: z.string().nullable().meta({ description: "Why the last try was no success." }),
    at: z.string().nullable().meta({ description: "The last try." }),
    tries: z.number().int(),
    next_at: z.string().nullable().meta({ description: "The next try; null where none follows." }),
  })
  .meta({ id: "WebhookResult" });
export type WebhookResult = z.infer<typeof webhookResultSchema>;

export const webhookSchema = z
  .object({
    id: z.string(),
    name: z.string().nullable(),
    url: z.string(),
    events: z.array(z.enum(webhookEvents)),
    machines: z
      .array(z.string())
      .nullable()
      .meta({ description: "Ids; null where it is told of all machines, those to come included." }),
    process: z.string().nullable(),
    tag: z.string().nullable(),
    pattern: z.string().nullable(),
    made_by: z.string().meta({ description: "The id of the token it was made with." }),
    created_at: z.string(),
    failing_since: z.string().nullable().meta({ description: "No delivery succeeded since." }),
    disabled_at: z.string().nullable().meta({ description: "From then on nothing is sent any more." }),
    waiting: z.number().int().meta({ description: "Deliveries that are still to be made." }),
    dropped: z.number().int().meta({ description: "Events there was no room to keep for it." }),
    results: z.array(webhookResultSchema).meta({ description: "Of the last deliveries, newest first." }),
  })
  .meta({ id: "Webhook" });
export type Webhook = z.infer<typeof webhookSchema>;

export const webhookListSchema = z
  .object({ items: z.array(webhookSchema), next_cursor: z.string().nullable() })
  .meta({ id: "WebhookList" });
export type WebhookList = z.infer<typeof webhookListSchema>;

/** The only answer that holds a webhook's secret. */
export const newWebhookSchema = webhookSchema.extend({ secret: z.string() }).meta({ id: "NewWebhook" });
export type NewWebhook = z.infer<typeof newWebhookSchema>;
