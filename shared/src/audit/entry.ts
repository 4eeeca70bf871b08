// One entry of an audit: who did what to what, when, and what came of it. Each entry holds the hash of the one before,
// so that none can be changed, left out or put in without all after it. Text in entries is short and holds no secret.

import * as z from "zod";
import { errorCodes } from "../errors.ts";
import { commandIdSchema } from "../ids.ts";
import { maxAuditText, maxNameLength, maxSummedCommands } from "../limits.ts";
import { digestOf } from "./canonical.ts";

export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);

/** Who acts. `token_id` and `name` are those of the token, never the token itself. */
export const actorSchema = z.object({
  /** `operator`: who holds a token. `owner`: a person on the machine itself. */
  kind: z.enum(["operator", "runner", "owner", "control_plane"]),
  token_id: z.string().max(maxNameLength).optional(),
  name: z.string().max(maxNameLength).optional(),
});
export type Actor = z.infer<typeof actorSchema>;

/** What commands ask for. */
export const commandActs = [
  "start",
  "stop",
  "signal",
  "restart",
  "forget",
  "pause",
  "resume",
  "input",
  "resize",
  "decide",
] as const;

export const auditActs = [
  ...commandActs,
  "approval_asked",
  "approved",
  "approval_denied",
  "token_created",
  "token_revoked",
  "invite_made",
  "invite_redeemed",
  "webhook_created",
  "webhook_deleted",
  /** Nothing it was sent arrived for too long, or its receiver said that it is gone. */
  "webhook_disabled",
  "machine_enrolled",
  "machine_deleted",
  "runner_connected",
  "runner_replaced",
  "runner_disconnected",
  "viewer_connected",
  "viewer_left",
  "policy_loaded",
  /** The log was restored from a backup, and this chain with it. */
  "restored",
  /** The oldest entries were let go; `target` says which. */
  "trimmed",
  /** On the machine: a program was started. */
  "spawn",
  /** On the machine: a message of the control plane that was not carried out. */
  "message",
  /** On the machine: what the control plane tells of its own audit does not go on from what it told before. */
  "went_back",
] as const;
export type AuditAct = (typeof auditActs)[number];

/**
 * `sent`: on its way to the machine. `received`: the machine is about to decide. `repeated`: under an `Idempotency-Key`
 * that was used already, nothing was done anew. `replayed`: the machine had this command before and left it alone.
 */
export const auditOutcomes = [
  "sent",
  "received",
  "allowed",
  "done",
  "refused",
  "expired",
  "repeated",
  "replayed",
] as const;

/** A position in a chain: the last entry and its hash. `n` 0 is the place before the first. */
export const chainHeadSchema = z.object({ n: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER), hash: hashSchema });
export type ChainHead = z.infer<typeof chainHeadSchema>;

export const chainStart: ChainHead = { n: 0, hash: "0".repeat(64) };

const textSchema = z.string().max(maxAuditText);

export const auditDraftSchema = z.object({
  actor: actorSchema,
  act: z.enum(auditActs),
  target: textSchema,
  outcome: z.enum(auditOutcomes),
  /** A code of the error catalogue, or a word of the act's own. */
  reason: z.union([z.enum(errorCodes), textSchema]).optional(),
  detail: textSchema.optional(),
  command_id: commandIdSchema.optional(),
  /** Of what was asked or done, without values that may be secret. */
  digest: hashSchema.optional(),
  /** Of commands that are summed up in one entry: since when, how many, their bytes, their ids. */
  since: z.string().max(32).optional(),
  count: z.number().int().min(1).optional(),
  bytes: z.number().int().min(0).optional(),
  command_ids: z.array(commandIdSchema).max(maxSummedCommands).optional(),
  /** On the machine: what the control plane's own audit stood at, as it said. */
  told: chainHeadSchema.optional(),
});
/** What an entry says, before it has its place. */
export type AuditDraft = z.infer<typeof auditDraftSchema>;

export const auditEntrySchema = auditDraftSchema
  .extend({
    /** Counts from 1 without a hole. */
    n: z.number().int().min(1),
    at: z.string().max(32).meta({ description: "RFC 3339, UTC. Never earlier than the entry before." }),
    prev: hashSchema.meta({ description: "The hash of the entry before." }),
    hash: hashSchema.meta({ description: "SHA-256 of the entry's canonical JSON without this field." }),
  })
  .meta({ id: "AuditEntry" });
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** The entry after `head`. `at` is a time as `Date.prototype.toISOString` words it. */
export function sealEntry(draft: AuditDraft, head: ChainHead, at: string): AuditEntry {
  const entry = { ...draft, n: head.n + 1, at, prev: head.hash };
  return { ...entry, hash: digestOf(entry) };
}

export function cutText(text: string): string {
  return text.length <= maxAuditText ? text : `${text.slice(0, maxAuditText - 1)}…`;
}
