// Webhooks of a workspace, as they are asked for.

import * as z from "zod";
import { maxNameLength, maxWebhookUrlLength } from "../limits.ts";
import { tagSchema } from "./names.ts";
import { patternSchema } from "./pattern-schema.ts";
import { reachFields, tokenNameSchema, tokensQuerySchema } from "./tokens.ts";
import { webhookEvents } from "./webhooks.ts";

export const webhookRequestSchema = z
  .strictObject({
    url: z.string().min(1).max(maxWebhookUrlLength).meta({ description: "Where events are posted to." }),
    events: z
      .array(z.enum(webhookEvents))
      .min(1)
      .max(webhookEvents.length)
      .refine((list) => new Set(list).size === list.length, "names an event twice")
      .meta({ description: "`exited` also tells of runs that could not begin." }),
    name: tokenNameSchema.optional(),
    machines: reachFields.machines,
    process: z
      .string()
      .min(1)
      .max(maxNameLength)
      .optional()
      .meta({ description: "Of runs, only those of the process with this id or name." }),
    tag: tagSchema.optional().meta({ description: "Of runs, only those of processes with this tag." }),
    pattern: patternSchema.optional().meta({ description: "For `match`: RE2, looked for line by line." }),
  })
  .superRefine(({ events, pattern }, context) => {
    const isWanted = events.includes("match");
    if (isWanted === (pattern !== undefined)) return;
    const message = isWanted ? "is needed for `match`" : "is for `match` alone";
    context.addIssue({ code: "custom", path: ["pattern"], message });
  })
  .meta({ id: "WebhookRequest" });
export type WebhookRequest = z.infer<typeof webhookRequestSchema>;

export const webhooksQuerySchema = tokensQuerySchema;
