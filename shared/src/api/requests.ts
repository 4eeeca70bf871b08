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
  maxDelayMs,
  maxGraceMs,
  maxInputBytes,
  maxJoinCodeLength,
  maxKeys,
  maxListLimit,
  maxNameLength,
  maxPageEvents,
  maxParams,
  maxPathBytes,
  maxTags,
  maxTerminalSide,
  maxWaitMs,
} from "../limits.ts";
import { keySequence } from "../keys.ts";
import { processStates } from "../process-state.ts";
import { runLimitsSchema } from "../run-limits.ts";
import { signalSchema } from "../signals.ts";
import { nameSchema, tagSchema } from "./names.ts";
import { queueSchema, readySchema, restartSchema } from "./supervision-requests.ts";
import { listLimitSchema, wholeNumber } from "./whole-number.ts";

const noNul = (text: string): boolean => !text.includes("\0");
const nulMessage = "must not contain a NUL character";

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

const sideSchema = z.number().int().min(1).max(maxTerminalSide);

export const startRequestSchema = z
  .strictObject({
    command: commandLineSchema.optional().meta({ description: "A shell command, run by `/bin/sh -c`." }),
    argv: argvSchema.optional().meta({ description: "A program and its arguments, run without a shell." }),
    name: nameSchema.optional().meta({
      description: "Unique among the machine's live processes. With `use`: that command's name unless given.",
    }),
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
    use: nameSchema.optional().meta({ description: "A command the machine's owner named in the policy file." }),
    params: z
      .record(z.string().max(maxNameLength), z.union([z.string().max(maxCommandBytes), z.number(), z.boolean()]))
      .refine((params) => Object.keys(params).length <= maxParams, "has too many entries")
      .optional()
      .meta({ description: "Of the command in `use`." }),
    tty: z.boolean().optional().meta({ description: "In a terminal instead of pipes." }),
    cols: sideSchema.optional(),
    rows: sideSchema.optional(),
    merge: z
      .boolean()
      .optional()
      .meta({ description: "Both streams on one descriptor: the exact order between them." }),
    stdin: z
      .string()
      .max(maxInputBytes)
      .optional()
      .meta({ description: "Given as its input, which is then closed. Without it the input stays open." }),
    if_running: z.enum(["fail", "reuse", "restart"]).optional().meta({ description: "If the name is taken: `fail`." }),
    restart: restartSchema.optional(),
    ready: readySchema.optional(),
    limits: runLimitsSchema.optional(),
    queue: queueSchema.optional(),
    lease_ms: z.number().int().min(0).max(maxDelayMs).nullable().optional().meta({
      description: "How long it runs on while no runner looks after it; 0: not at all, null: for ever.",
    }),
    keep_background: z.boolean().optional().meta({ description: "What it left in the background runs on after it." }),
  })
  .refine((body) => [body.command, body.argv, body.use].filter((one) => one !== undefined).length === 1, {
    message: "give exactly one of `command`, `argv` and `use`",
    path: ["command"],
  })
  .refine((body) => body.params === undefined || body.use !== undefined, {
    message: "goes with `use` only",
    path: ["params"],
  })
  .refine((body) => body.tty === true || (body.cols ?? body.rows) === undefined, {
    message: "goes with `tty` only",
    path: ["cols"],
  })
  .refine((body) => body.tty !== true || (body.stdin ?? body.merge) === undefined, {
    message: "does not go with `stdin` or `merge`",
    path: ["tty"],
  })
  .refine(
    (body) => body.if_running === undefined || body.if_running === "fail" || (body.name ?? body.use) !== undefined,
    {
      message: "needs a `name`",
      path: ["if_running"],
    },
  )
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

export const decisionRequestSchema = z
  .strictObject({ decision: z.enum(["once", "deny"]).meta({ description: "`always` is said on the machine alone." }) })
  .meta({ id: "DecisionRequest" });
export type DecisionRequest = z.infer<typeof decisionRequestSchema>;

/** The body of a request that says nothing more than its path. */
export const emptyRequestSchema = z.strictObject({});

export const restartRequestSchema = stopRequestSchema.meta({ id: "RestartRequest" });

export const resizeRequestSchema = z.strictObject({ cols: sideSchema, rows: sideSchema }).meta({ id: "ResizeRequest" });

/** Sent in this order: text or data, keys, Enter; then the input is closed. */
export const inputRequestSchema = z
  .strictObject({
    text: z.string().max(maxInputBytes).optional(),
    data_base64: z
      .base64()
      .max(Math.ceil(maxInputBytes / 3) * 4)
      .optional(),
    keys: z
      .array(
        z
          .string()
          .max(32)
          .refine((name) => keySequence(name) !== null, "is no key"),
      )
      .max(maxKeys)
      .optional()
      .meta({ description: "Of a terminal, by name: `Up`, `Ctrl-C`, `Alt-b`, `F5`…" }),
    enter: z.boolean().default(false).meta({ description: "The Enter key of a terminal; a line feed in a pipe." }),
    close: z.boolean().default(false).meta({ description: "End of input: closes a pipe, sends Ctrl-D to a terminal." }),
  })
  .refine((body) => body.text === undefined || body.data_base64 === undefined, {
    message: "give one of `text` and `data_base64`",
    path: ["text"],
  })
  .refine((body) => (body.text ?? body.data_base64 ?? body.keys) !== undefined || body.enter || body.close, {
    message: "say what to send",
    path: ["text"],
  })
  .meta({ id: "InputRequest" });
export type InputRequest = z.infer<typeof inputRequestSchema>;

export const enrollRequestSchema = z
  .strictObject({
    name: nameSchema,
    os: z.string().min(1).max(maxNameLength),
    arch: z.string().min(1).max(maxNameLength),
    runner_version: z.string().min(1).max(maxNameLength),
    enroll_key: z.string().min(1).max(256).optional(),
    join: z
      .string()
      .min(1)
      .max(maxJoinCodeLength)
      .optional()
      .meta({ description: "A join code: the machine joins that workspace, and no key is needed." }),
  })
  .meta({ id: "EnrollRequest" });
export type EnrollRequest = z.infer<typeof enrollRequestSchema>;

/** Whether an answer comes with what is measured while it is asked for. */
const metricsFlag = z
  .enum(["true", "false"])
  .optional()
  .transform((flag) => flag === "true");
export const metricsQuerySchema = z.strictObject({ metrics: metricsFlag });

export const processQuerySchema = z.strictObject({
  metrics: metricsFlag,
  state: z.enum([...processStates, "live", "all"]).default("live"),
  tag: tagSchema.optional(),
  name: nameSchema.optional(),
  limit: wholeNumber(maxListLimit)
    .optional()
    .transform((limit) => limit ?? defaultListLimit),
  cursor: z.string().max(64).optional(),
});
export type ProcessQuery = z.infer<typeof processQuerySchema>;

export const machinesQuerySchema = z.strictObject({
  limit: listLimitSchema,
  cursor: z.string().min(1).max(maxNameLength).optional(),
});
export type MachinesQuery = z.infer<typeof machinesQuerySchema>;

/** Runs of one process. */
export const runsQuerySchema = z.strictObject({
  limit: wholeNumber(maxListLimit)
    .optional()
    .transform((limit) => limit ?? defaultListLimit),
  cursor: wholeNumber(Number.MAX_SAFE_INTEGER).optional(),
});
export type RunsQuery = z.infer<typeof runsQuerySchema>;

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
