// The text frames of the runner's link, in both directions. Batches travel as binary frames beside them.

import * as z from "zod";
import { processIdSchema, recordNumberSchema, runNumberSchema, spoolIdSchema } from "../ids.ts";
import {
  maxLastSeq,
  maxNamedCommands,
  maxNameLength,
  maxPendingCommands,
  maxSpools,
  maxUnnamedRuns,
} from "../limits.ts";
import { chainHeadSchema, hashSchema } from "../audit/entry.ts";
import { namedCommandSchema } from "../api/named-commands.ts";
import { policyModes } from "../policy-modes.ts";
import { commandSchema } from "./commands.ts";
import { directedFrameSchema, directFrameSchema } from "./direct.ts";
import {
  approvalsAnswerSchema,
  approvalsQuestionSchema,
  portAnswerSchema,
  portQuestionSchema,
  sampleQuestionSchema,
  samplesSchema,
} from "./questions.ts";
import { outputWatchesSchema } from "./watches.ts";

/** Raised when a frame changes its meaning; a test pins it together with the hash of the schemas. */
export const linkProtocol = 1;
export const linkSubprotocol = "longwire.runner.v1";

export const capabilitiesSchema = z.object({
  tty: z.boolean(),
  /** Whether a stop finds every process a run ever started. */
  subreaper: z.boolean().default(false),
});
export type Capabilities = z.infer<typeof capabilitiesSchema>;

/** What a machine's owner lets callers know of the policy. */
const policyView = {
  policy_mode: z.enum(policyModes),
  /** The commands the owner named. */
  commands: z.array(namedCommandSchema).max(maxNamedCommands).default([]),
  /** Tells one state of the owner's file from another, and says nothing of what stands in it. */
  policy_digest: hashSchema.optional(),
};

/** The records a runner still has of a spool: from `first`, up to below `next`. */
export const helloSpoolSchema = z.object({
  id: spoolIdSchema,
  first: recordNumberSchema,
  next: recordNumberSchema,
  /** The run whose spool it is; the runner's own has none. */
  process: processIdSchema.optional(),
  run: runNumberSchema.optional(),
});
export type HelloSpool = z.infer<typeof helloSpoolSchema>;

const runNameSchema = z.object({ process: processIdSchema, run: runNumberSchema });

export const helloSchema = z.object({
  type: z.literal("hello"),
  protocol: z.number().int().min(1),
  /** Random, new with each start of the runner. */
  boot: z.string().min(1).max(64),
  runner_version: z.string().max(64),
  os: z.string().max(maxNameLength),
  arch: z.string().max(maxNameLength),
  ...policyView,
  capabilities: capabilitiesSchema,
  /** The highest seq this runner was ever told of, at most a second old. */
  last_seq: z.number().int().min(0).max(maxLastSeq),
  spools: z.array(helloSpoolSchema).max(maxSpools),
  /** Runs whose shim lives, and those that wait for their turn. */
  runs: z.array(runNameSchema).max(maxSpools),
});
export type Hello = z.infer<typeof helloSchema>;

/** Sent once a spool's files are gone: its position may be forgotten. */
export const forgetSchema = z.object({ type: z.literal("forget"), spools: z.array(spoolIdSchema).max(maxSpools) });

/** The owner's policy is another one than the runner said last. */
export const policyFrameSchema = z.object({ type: z.literal("policy"), ...policyView });
export type PolicyFrame = z.infer<typeof policyFrameSchema>;

export const runnerFrameSchema = z.discriminatedUnion("type", [
  helloSchema,
  forgetSchema,
  policyFrameSchema,
  samplesSchema,
  portAnswerSchema,
  approvalsAnswerSchema,
  directedFrameSchema,
]);
export type RunnerFrame = z.infer<typeof runnerFrameSchema>;

/** The next record wanted of each spool. */
const positionsSchema = z.record(spoolIdSchema, recordNumberSchema);
const headSchema = z.number().int().min(0);

export const welcomeSchema = z.object({
  type: z.literal("welcome"),
  connection: z.string().min(1).max(64),
  head: headSchema,
  /** Object time in milliseconds, by which commands expire. */
  now: z.number().int(),
  positions: positionsSchema,
  window_bytes: z.number().int().min(1),
  /** Whether somebody watches the machine now. */
  attended: z.boolean(),
  /** Whether somebody wants to know how it does. */
  metrics_watched: z.boolean().optional(),
  commands: z.array(commandSchema).max(maxPendingCommands),
  /** Runs that live as far as the log knows, and that `hello` did not name. */
  unnamed_runs: z.array(runNameSchema).max(maxUnnamedRuns).optional(),
  /** Where the machine's audit stands. */
  audit: chainHeadSchema.optional(),
  /** What to look for in the output; absent: nothing. */
  watches: outputWatchesSchema.optional(),
});
export type Welcome = z.infer<typeof welcomeSchema>;

/** The batch is stored, as is every batch before it. */
export const ackSchema = z.object({
  type: z.literal("ack"),
  batch: z.number().int().min(1),
  positions: positionsSchema,
  head: headSchema,
});
export type Ack = z.infer<typeof ackSchema>;

/** The batch did not start where the log stands; nothing of it was stored. */
export const rewindSchema = z.object({
  type: z.literal("rewind"),
  batch: z.number().int().min(1),
  positions: positionsSchema,
});

export const objectFrameSchema = z.discriminatedUnion("type", [
  welcomeSchema,
  ackSchema,
  rewindSchema,
  /** `audit`: where the machine's audit stands, this command included unless it is one that is summed up. */
  z.object({ type: z.literal("command"), command: commandSchema, audit: chainHeadSchema.optional() }),
  /** The first viewer came, or the last one went. */
  z.object({ type: z.literal("attention"), attended: z.boolean() }),
  /** Somebody wants to know how the machine and its runs do, or nobody does any more: `samples` with {@link watchedSamplesId}. */
  z.object({ type: z.literal("watch_metrics"), watched: z.boolean() }),
  /** What to look for in the output from now on. */
  z.object({ type: z.literal("watch_output"), watches: outputWatchesSchema }),
  sampleQuestionSchema,
  portQuestionSchema,
  approvalsQuestionSchema,
  directFrameSchema,
]);
export type ObjectFrame = z.infer<typeof objectFrameSchema>;
