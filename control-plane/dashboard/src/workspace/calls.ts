// Calls about the workspace that the typed client does not have.

import { auditAnswerSchema } from "@longwire/shared/api/audit-requests.ts";
import type * as z from "zod";
import { callerFor } from "../clients.ts";

export type AuditAnswer = z.infer<typeof auditAnswerSchema>;

/** Entries behind `after`; of a machine, or of the workspace where it is null. */
export async function readAudit(machine: string | null, after: number, limit: number): Promise<AuditAnswer> {
  const path = machine === null ? "/v1/audit" : `/v1/machines/${encodeURIComponent(machine)}/audit`;
  return await callerFor().json({ method: "GET", path, query: { after, limit }, kind: "look" }, auditAnswerSchema);
}
