// What the machine's owner is asked before something runs, and what was decided. The words for it are the same in the
// log, on the machine's own socket and in the API.

import * as z from "zod";
import { approvalIdSchema, processIdSchema, runNumberSchema } from "../ids.ts";
import {
  approvalTtlMs,
  maxArguments,
  maxCommandBytes,
  maxDetailLength,
  maxEnvironmentEntries,
  maxInputBytes,
  maxNameLength,
  maxPathBytes,
} from "../limits.ts";

/** `withdrawn`: it was stopped, or asked for anew, before anybody decided. */
export const approvalDecisions = ["asked", "once", "always", "denied", "expired", "withdrawn"] as const;
export type ApprovalDecision = (typeof approvalDecisions)[number];

/** Where the owner decided: at the runner's own terminal, by another program on the machine, or over the API. */
export const approvers = ["terminal", "local", "dashboard"] as const;
export type Approver = (typeof approvers)[number];

/** SHA-256 over all that will run, with a salt that stays on the machine. */
export const approvalDigestSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** Something that waits for the owner. Values of variables and what is given as input stay on the machine. */
export const pendingApprovalSchema = z
  .object({
    approval_id: approvalIdSchema,
    process_id: processIdSchema,
    run: runNumberSchema,
    name: z.string().max(maxNameLength).nullable(),
    command: z.string().max(maxCommandBytes).optional(),
    argv: z.array(z.string().max(maxCommandBytes)).max(maxArguments).optional(),
    program: z.string().max(maxPathBytes).nullable().meta({ description: "What that is now; null: there is none." }),
    cwd: z.string().max(maxPathBytes),
    env: z.array(z.string().max(256)).max(maxEnvironmentEntries).meta({ description: "Variables the caller sets." }),
    stdin_bytes: z
      .number()
      .int()
      .min(0)
      .max(maxInputBytes * 4)
      .nullable(),
    tty: z.boolean(),
    ready_command: z.string().max(maxCommandBytes).nullable(),
    restart: z.string().max(maxDetailLength).nullable().meta({ description: "When it begins again by itself." }),
    asked_by: z.string().max(maxNameLength).nullable().meta({ description: "The name of the token that asked." }),
    digest: approvalDigestSchema,
    expires_in_ms: z.number().int().min(0).max(approvalTtlMs),
  })
  .meta({ id: "Approval" });
export type PendingApproval = z.infer<typeof pendingApprovalSchema>;
