// What callers ask of an audit, and what they get.

import * as z from "zod";
import { auditEntrySchema, chainHeadSchema } from "../audit/entry.ts";
import { defaultListLimit, maxListLimit, maxNameLength } from "../limits.ts";
import { wholeNumber } from "./whole-number.ts";

export const auditQuerySchema = z.strictObject({
  after: wholeNumber(Number.MAX_SAFE_INTEGER)
    .optional()
    .transform((after) => after ?? 0),
  limit: wholeNumber(maxListLimit)
    .optional()
    .transform((limit) => Math.max(limit ?? defaultListLimit, 1)),
  act: z.string().min(1).max(32).optional().meta({ description: "Only entries of this act, such as `start`." }),
  actor: z
    .string()
    .min(1)
    .max(maxNameLength)
    .optional()
    .meta({ description: "Only entries of this actor: a token's id or name, or a kind of actor." }),
});

/** A stretch of an audit. Without a filter its entries are a whole chain, which a digest of each shows. */
export const auditAnswerSchema = z
  .object({
    items: z.array(auditEntrySchema),
    next_after: z.number().int().nullable().meta({ description: "The `after` to go on with; null at the end." }),
    head: chainHeadSchema.meta({ description: "The last entry." }),
    anchor: chainHeadSchema.meta({ description: "The last entry that was let go; `n` 0 where all are there." }),
  })
  .meta({ id: "AuditAnswer" });
