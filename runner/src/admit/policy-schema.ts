// What the owner's policy file may say, as JSON. Keys that are not here refuse to load.

import { isAbsolute } from "node:path";
import * as z from "zod";
import { nameSchema } from "@longwire/shared/api/names.ts";
import { patternSchema } from "@longwire/shared/api/pattern-schema.ts";
import { startRequestSchema } from "@longwire/shared/api/requests.ts";
import {
  machineSpoolBytes,
  maxCommandBytes,
  maxDelayMs,
  maxNamedCommands,
  maxNameLength,
  maxParams,
  maxParamValues,
  maxPathBytes,
  segmentBytes,
} from "@longwire/shared/limits.ts";
import { policyModes } from "@longwire/shared/policy-modes.ts";

const start = startRequestSchema.shape;
const textSchema = z.string().max(maxCommandBytes);
const absoluteSchema = z.string().max(maxPathBytes).refine(isAbsolute, "must be an absolute path");

function few<T extends z.ZodType>(key: z.ZodType<string, string>, value: T, most: number) {
  return z
    .record(key, value)
    .refine((all) => Object.keys(all).length <= most, `has more than ${most} entries`)
    .default({});
}

const required = z.boolean().optional();
const bounds = { min: z.number().optional(), max: z.number().optional() };

/** What a caller may give for a parameter; a value that is no such thing is refused. */
export const paramSchema = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("string"),
    required,
    default: textSchema.optional(),
    pattern: patternSchema.optional(),
  }),
  z.strictObject({ type: z.literal("path"), required, default: textSchema.optional() }),
  z.strictObject({ type: z.literal("number"), required, default: z.number().optional(), ...bounds }),
  z.strictObject({ type: z.literal("integer"), required, default: z.number().int().optional(), ...bounds }),
  z.strictObject({ type: z.literal("boolean"), required, default: z.boolean().optional() }),
  z.strictObject({
    type: z.literal("enum"),
    required,
    values: z.array(z.string().max(maxNameLength)).min(1).max(maxParamValues),
    default: textSchema.optional(),
  }),
]);
export type Param = z.infer<typeof paramSchema>;

const paramNameSchema = z
  .string()
  .max(maxNameLength)
  .regex(/^[a-z][a-z0-9_]*$/, "must hold only small letters, digits and `_`, and start with a letter");

export const needConditions = ["started", "ready", "completed"] as const;
export type NeedCondition = (typeof needConditions)[number];

export const namedCommandSchema = z.strictObject({
  root: nameSchema.optional(),
  cwd: absoluteSchema.optional(),
  command: start.command,
  argv: start.argv,
  params: few(paramNameSchema, paramSchema, maxParams),
  tags: start.tags,
  env: start.env,
  tty: start.tty,
  ready: start.ready,
  restart: start.restart,
  limits: start.limits,
  needs: few(nameSchema, z.enum(needConditions), maxNamedCommands),
  queue: start.queue,
  lease_ms: start.lease_ms,
  keep_background: start.keep_background,
});
export type NamedCommand = z.infer<typeof namedCommandSchema>;

/** A name of an environment variable, with `*` for any characters. */
const variableSchema = z
  .string()
  .max(256)
  .regex(/^[A-Za-z_*][A-Za-z0-9_*]*$/, "is no name of an environment variable, nor one with `*`");

/** What the owner allowed for good: exactly this, in exactly this folder. */
const exactCommandSchema = z
  .strictObject({ command: start.command, argv: start.argv, cwd: absoluteSchema })
  .refine(({ command, argv }) => (command === undefined) !== (argv === undefined), {
    message: "give exactly one of `command` and `argv`",
  });
export type ExactCommand = z.infer<typeof exactCommandSchema>;

export const policySchema = z.strictObject({
  version: z.literal(1),
  mode: z.enum(policyModes).default("ask"),
  approve: z.array(z.enum(["terminal", "dashboard"])).default(["terminal"]),
  roots: few(nameSchema, absoluteSchema, maxNamedCommands),
  commands: few(nameSchema, namedCommandSchema, maxNamedCommands),
  always: z.array(exactCommandSchema).max(1000).default([]),
  env: z
    .strictObject({
      allow: z.array(variableSchema).max(256).optional(),
      remove: z.array(variableSchema).max(256).default([]),
    })
    .default({ remove: [] }),
  redact: z
    .strictObject({
      values: z.array(z.string().min(1).max(maxCommandBytes)).max(256).default([]),
      patterns: z.array(patternSchema).max(256).default([]),
    })
    .optional(),
  lease_ms: z.number().int().min(0).max(maxDelayMs).nullable().optional(),
  spool_bytes: z.number().int().min(segmentBytes).max(machineSpoolBytes).optional(),
  limits: z.strictObject({ processes: z.number().int().min(1).max(1000).optional() }).default({}),
});
export type PolicyFile = z.infer<typeof policySchema>;

/** What holds where the owner wrote no file. */
export const noPolicyFile: PolicyFile = policySchema.parse({ version: 1 });
