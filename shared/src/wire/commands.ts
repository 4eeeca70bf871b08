// What an operator asks of a runner, as the object stores it and sends it.

import * as z from "zod";
import { actorSchema } from "../audit/entry.ts";
import { approvalIdSchema, commandIdSchema, processIdSchema } from "../ids.ts";
import { maxGraceMs, maxNameLength } from "../limits.ts";
import { signalSchema } from "../signals.ts";
import { inputRequestSchema, resizeRequestSchema, startRequestSchema } from "../api/requests.ts";

// An order with a field that is not known is not carried out: it may be what the order is about.

export const signalOperationSchema = z.strictObject({
  op: z.literal("signal"),
  process: processIdSchema,
  signal: signalSchema,
  tree: z.boolean(),
});
export const inputOperationSchema = z.strictObject({
  op: z.literal("input"),
  process: processIdSchema,
  input: inputRequestSchema,
});
export const resizeOperationSchema = z.strictObject({
  op: z.literal("resize"),
  process: processIdSchema,
  size: resizeRequestSchema,
});

export const operationSchema = z.discriminatedUnion("op", [
  z.strictObject({ op: z.literal("start"), request: startRequestSchema }),
  z.strictObject({
    op: z.literal("stop"),
    process: processIdSchema,
    signal: signalSchema,
    grace_ms: z.number().int().min(0).max(maxGraceMs),
  }),
  signalOperationSchema,
  z.strictObject({
    op: z.literal("restart"),
    process: processIdSchema,
    signal: signalSchema,
    grace_ms: z.number().int().min(0).max(maxGraceMs),
  }),
  z.strictObject({ op: z.literal("forget"), process: processIdSchema }),
  z.strictObject({ op: z.literal("pause"), process: processIdSchema }),
  z.strictObject({ op: z.literal("resume"), process: processIdSchema }),
  inputOperationSchema,
  z.strictObject({ op: z.literal("decide"), approval: approvalIdSchema, decision: z.enum(["once", "deny"]) }),
  resizeOperationSchema,
]);
export type Operation = z.infer<typeof operationSchema>;

export const commandSchema = z.object({
  id: commandIdSchema,
  /** The machine it is meant for; any other leaves it alone. */
  machine_id: z.string().max(maxNameLength).optional(),
  /** Object time in milliseconds. Bounds the admission, not what follows it. */
  expires_at: z.number().int(),
  operation: operationSchema,
  /** Who asks for it, as the control plane knows them. */
  actor: actorSchema.optional(),
});
export type Command = z.infer<typeof commandSchema>;
