// Calls that read audits. Entries come with all they say, also what is not known here: their hashes count it.

import * as z from "zod";
import type { auditQuerySchema } from "../src/api/audit-requests.ts";
import { chainHeadSchema, hashSchema } from "../src/audit/entry.ts";
import type { Caller, CallOptions } from "./caller.ts";
import type { Asked } from "./query.ts";

export const writtenEntrySchema = z.looseObject({
  n: z.number().int().min(1),
  at: z.string(),
  actor: z.looseObject({ kind: z.string(), token_id: z.string().optional(), name: z.string().optional() }),
  act: z.string(),
  target: z.string(),
  outcome: z.string(),
  reason: z.string().optional(),
  detail: z.string().optional(),
  command_id: z.string().optional(),
  command_ids: z.array(z.string()).optional(),
  count: z.number().optional(),
  bytes: z.number().optional(),
  digest: z.string().optional(),
  told: chainHeadSchema.optional(),
  prev: hashSchema,
  hash: hashSchema,
});
/** An entry as it was written down, whoever may have changed it since. */
export type WrittenEntry = z.infer<typeof writtenEntrySchema>;

const auditPageSchema = z.object({
  items: z.array(writtenEntrySchema),
  next_after: z.number().int().nullable(),
  head: chainHeadSchema,
  anchor: chainHeadSchema,
});
export type AuditPage = z.infer<typeof auditPageSchema>;

type AuditAsked = Asked<z.input<typeof auditQuerySchema>>;

export function auditCalls(caller: Caller) {
  const read = (path: string, query: AuditAsked, options?: CallOptions): Promise<AuditPage> =>
    caller.json({ method: "GET", path, query, kind: "look" }, auditPageSchema, options);

  return {
    /** Of the machine this client is for, oldest first. */
    audit: (asked: AuditAsked = {}, options?: CallOptions) => read(caller.machinePath("/audit"), asked, options),
    /** Of the workspace: tokens, machines and their like. */
    workspaceAudit: (asked: AuditAsked = {}, options?: CallOptions) => read("/v1/audit", asked, options),
  };
}
