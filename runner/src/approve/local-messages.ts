// What is said over the socket on the machine itself: one line of JSON from who asks, one line back.

import * as z from "zod";
import { errorCodes } from "@longwire/shared/errors.ts";
import { approvalIdSchema, processIdSchema } from "@longwire/shared/ids.ts";
import { maxDetailLength, maxPendingApprovals, maxShownBytes, maxShownLines } from "@longwire/shared/limits.ts";
import { pendingApprovalSchema } from "@longwire/shared/wire/approvals.ts";

export const localRequestSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("list") }),
  z.strictObject({
    type: z.literal("decide"),
    approval: approvalIdSchema,
    decision: z.enum(["once", "always", "deny"]),
  }),
]);
export type LocalRequest = z.infer<typeof localRequestSchema>;

/** A request's line, in bytes. */
export const maxLocalRequestBytes = 1024;
/** An answer's. */
export const maxLocalAnswerBytes = 8 * 1024 * 1024;

/** One that waits, with all that the owner is to see; values of variables included, which stay on the machine. */
export const localApprovalSchema = pendingApprovalSchema.extend({
  shown: z
    .array(z.tuple([z.string().max(64), z.string().max(2 * maxShownBytes)]).readonly())
    .max(2 * maxShownLines)
    .readonly(),
  /** Whether it can be allowed for good. */
  can_be_always: z.boolean(),
});
export type LocalApproval = z.infer<typeof localApprovalSchema>;

export const localAnswerSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("approvals"), items: z.array(localApprovalSchema).max(maxPendingApprovals) }),
  z.object({ type: z.literal("decided"), process: processIdSchema }),
  z.object({
    type: z.literal("refused"),
    code: z.enum(errorCodes),
    detail: z.string().max(maxDetailLength),
    hint: z.string().max(maxDetailLength).optional(),
  }),
]);
export type LocalAnswer = z.infer<typeof localAnswerSchema>;
