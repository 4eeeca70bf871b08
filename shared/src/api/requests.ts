// Bodies and queries that callers send. Bodies refuse unknown fields.

import * as z from "zod";
import {
  defaultGraceMs,
  defaultListLimit,
  defaultPageEvents,
  maxArguments,
  maxCommandBytes,
  maxEnvironmentEntries,
  maxEnvironmentValueBytes,
  maxGraceMs,
  maxListLimit,
  maxNameLength,
  maxPageEvents,
  maxPathBytes,
  maxTags,
  maxWaitMs,
} from "../limits.ts";
import { processStates } from "../process-state.ts";
import { signalSchema } from "../signals.ts";

const noNul = (text: string): boolean => !text.includes("\0");
const nulMessage = "must not contain a NUL character";

/** A word for people and URLs: starts with a letter, and is no process id. */
export const nameSchema = z
  .string()
  .max(maxNameLength)
  .regex(/^[A-Za-z][A-Za-z0-9._-]*$/, "must start with a letter and hold only letters, digits, `.`, `_` and `-`")
  .refine((name) => !/^p[0-9]+$/.test(name), "must not look like a process id");

export const tagSchema = z
  .string()
  .max(maxNameLength)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]*$/, "must hold only letters, digits and `._:/-`");

const commandLineSchema = z
  .string()
  .max(maxCommandBytes)
  .refine(noNul, nulMessage)
  .refine((text) => text.trim() !== "", "must not be empty");

const argvSchema = z
  .array(z.string().max(maxCommandBytes).refine(noNul, nulMessage))
  .min(1, "must name a program")
  .max(maxArguments)
  .refine((argv) => argv[0] !== "", "must name a program")
  .refine((argv) => argv.reduce((sum, one) => sum + one.length, 0) <= maxCommandBytes, "is too long");

export const startRequestSchema = z
  .strictObject({
    command: commandLineSchema.optional().meta({ description: "A shell command, run by `/bin/sh -c`." }),
    argv: argvSchema.optional().meta({ description: "A program and its arguments, run without a shell." }),
    name: nameSchema.optional().meta({ description: "Unique among the machine's live processes." }),
    cwd: z.string().min(1).max(maxPathBytes).refine(noNul, nulMessage).optional(),
    env: z
      .record(
        z
          .string()
          .max(256)
          .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is no name of an environment variable"),
        z.string().max(maxEnvironmentValueBytes).refine(noNul, nulMessage),
      )
      .refine((env) => Object.keys(env).length <= maxEnvironmentEntries, "has too many entries")
      .optional(),
    tags: z.array(tagSchema).max(maxTags).optional(),
  })
  .refine((body) => (body.command === undefined) !== (body.argv === undefined), {
    message: "give exactly one of `command` and `argv`",
    path: ["command"],
  })
  .meta({ id: "StartRequest" });
export type StartRequest = z.infer<typeof startRequestSchema>;

const graceSchema = z.number().int().min(0).max(maxGraceMs).default(defaultGraceMs);

export const stopRequestSchema = z
  .strictObject({ signal: signalSchema.default("SIGINT"), grace_ms: graceSchema })
  .meta({ id: "StopRequest" });
export type StopRequest = z.infer<typeof stopRequestSchema>;

export const stopManyRequestSchema = z
  .strictObject({
    contains: z.string().min(1).max(maxCommandBytes).optional().meta({ description: "A part of the command." }),
    tag: tagSchema.optional(),
    all: z.literal(true).optional(),
    signal: signalSchema.default("SIGINT"),
    grace_ms: graceSchema,
  })
  .refine((body) => [body.contains, body.tag, body.all].filter((one) => one !== undefined).length === 1, {
    message: "give exactly one of `contains`, `tag` and `all`",
    path: ["contains"],
  })
  .meta({ id: "StopManyRequest" });
export type StopManyRequest = z.infer<typeof stopManyRequestSchema>;

export const signalRequestSchema = z
  .strictObject({
    signal: signalSchema,
    tree: z.boolean().default(false).meta({
      description: "Also processes of the tree that left the process group.",
    }),
  })
  .meta({ id: "SignalRequest" });
export type SignalRequest = z.infer<typeof signalRequestSchema>;

export const enrollRequestSchema = z
  .strictObject({
    name: nameSchema,
    os: z.string().min(1).max(maxNameLength),
    arch: z.string().min(1).max(maxNameLength),
    runner_version: z.string().min(1).max(maxNameLength),
    enroll_key: z.string().min(1).max(256).optional(),
  })
  .meta({ id: "EnrollRequest" });
export type EnrollRequest = z.infer<typeof enrollRequestSchema>;

/** A parameter that is a whole number, at most `max`. */
export const wholeNumber = (max: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^[0-9]{1,16}$/, "must be a whole number")
    .transform(Number)
    .pipe(z.number().max(max)) as z.ZodType<number, string>;

export const processQuerySchema = z.strictObject({
  state: z.enum([...processStates, "live", "all"]).default("live"),
  tag: tagSchema.optional(),
  name: nameSchema.optional(),
  limit: wholeNumber(maxListLimit)
    .optional()
    .transform((limit) => limit ?? defaultListLimit),
  cursor: z.string().max(64).optional(),
});
export type ProcessQuery = z.infer<typeof processQuerySchema>;

/** Which events a reader wants; each absent field wants all. */
export const eventFilterSchema = z.object({
  process: z.string().min(1).max(maxNameLength).optional(),
  tag: tagSchema.optional(),
  type: z.string().min(1).max(32).optional(),
});
export type EventFilter = z.infer<typeof eventFilterSchema>;

const afterSchema = wholeNumber(Number.MAX_SAFE_INTEGER);

export const eventsQuerySchema = z.strictObject({
  ...eventFilterSchema.shape,
  after: afterSchema.optional(),
  limit: wholeNumber(maxPageEvents)
    .optional()
    .transform((limit) => limit ?? defaultPageEvents),
  wait_ms: wholeNumber(maxWaitMs)
    .optional()
    .transform((waitMs) => waitMs ?? 0),
});

export const socketQuerySchema = z.strictObject({ ...eventFilterSchema.shape, after: afterSchema.optional() });
