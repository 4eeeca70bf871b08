// The facts a spool's records state, as they stand in a record's header and in a batch's header.
// A record is one fact; `size` is the number of payload bytes that belong to it.

import * as z from "zod";
import { errorCodes } from "../errors.ts";
import { approvalIdSchema, commandIdSchema, processIdSchema, recordNumberSchema, runNumberSchema } from "../ids.ts";
import {
  maxArguments,
  maxCommandBytes,
  maxDetailLength,
  maxNameLength,
  maxPathBytes,
  maxRecordPayloadBytes,
  maxTags,
} from "../limits.ts";
import { endReasonSchema, waitingReasonSchema } from "../process-state.ts";
import { runLimits } from "../run-limits.ts";
import { signalSchema } from "../signals.ts";
import { matchFactSchema, type MatchFact } from "./watches.ts";
import { approvalDecisions, approvalDigestSchema, approvers } from "./approvals.ts";

/** Milliseconds since 1970 by the machine's clock. For people; order is given by positions alone. */
const atSchema = z.number().int().min(0).max(8.64e15);
const sizeSchema = z.number().int().min(0).max(maxRecordPayloadBytes);
const detailSchema = z.string().max(maxDetailLength);

/** What was asked to run, as views and events show it. Exactly one of `command` and `argv` is present. `use`: the named command it came from. */
export const runLabelSchema = z.object({
  name: z.string().max(maxNameLength).optional(),
  command: z.string().max(maxCommandBytes).optional(),
  argv: z.array(z.string().max(maxCommandBytes)).max(maxArguments).optional(),
  use: z.string().max(maxNameLength).optional(),
  cwd: z.string().max(maxPathBytes),
  tags: z.array(z.string().max(maxNameLength)).max(maxTags),
  tty: z.boolean(),
  /** Whether the run has a condition for being ready. */
  awaits_ready: z.boolean().optional(),
});
export type RunLabel = z.infer<typeof runLabelSchema>;

const ofRun = { at: atSchema, process: processIdSchema, run: runNumberSchema };

const restartsSchema = z.number().int().min(0).max(1_000_000_000).optional();

/** The run is accepted and waits before it starts. Comes from the runner's own spool; again when it waits for something else. */
export const pendingFactSchema = z.object({
  type: z.literal("pending"),
  ...ofRun,
  label: runLabelSchema,
  command_id: commandIdSchema,
  waiting_for: waitingReasonSchema,
  /** What exactly, in words: the commands it needs, the time it starts. */
  detail: detailSchema.optional(),
  restarts: restartsSchema,
});
/** The first record of each run's spool: what it is, and the command that asked for it. */
export const startingFactSchema = z.object({
  type: z.literal("starting"),
  ...ofRun,
  label: runLabelSchema,
  command_id: commandIdSchema,
  /** How often its restart policy began the process again before this run. */
  restarts: restartsSchema,
});
export const startedFactSchema = z.object({ type: z.literal("started"), ...ofRun, pid: z.number().int().min(1) });
export const failedFactSchema = z.object({
  type: z.literal("failed"),
  ...ofRun,
  reason: endReasonSchema,
  detail: detailSchema,
});
export const outputStreams = ["stdout", "stderr", "tty"] as const;
export const outputFactSchema = z.object({
  type: z.literal("output"),
  ...ofRun,
  stream: z.enum(outputStreams),
  /** Position of the first byte in the run's combined output. */
  offset: z.number().int().min(0),
  size: sizeSchema,
});
/** Bytes were given to the run's input; what they were is not kept. */
export const inputFactSchema = z.object({
  type: z.literal("input"),
  ...ofRun,
  bytes: z.number().int().min(0),
  /** The input was closed after them. */
  closed: z.boolean(),
  command_id: commandIdSchema.optional(),
});
/** The whole tree was stopped (SIGSTOP), or goes on (SIGCONT). */
export const pausedFactSchema = z.object({
  type: z.literal("paused"),
  ...ofRun,
  command_id: commandIdSchema.optional(),
});
export const resumedFactSchema = z.object({
  type: z.literal("resumed"),
  ...ofRun,
  command_id: commandIdSchema.optional(),
});
/** The run's condition for being ready was met, once. */
export const readyFactSchema = z.object({ type: z.literal("ready"), ...ofRun, detail: detailSchema });
/** Nobody can say what is with the run; its shim is gone and its end is being found out. From the runner's own spool. */
export const lostFactSchema = z.object({ type: z.literal("lost"), ...ofRun });
/** The process is forgotten: none of its runs is shown any more, and its name is free. From the runner's own spool. */
export const forgottenFactSchema = z.object({ type: z.literal("forgotten"), ...ofRun });
/** The machine's owner was asked whether the run may begin, or what came of that. From the runner's own spool. */
export const approvalFactSchema = z.object({
  type: z.literal("approval"),
  ...ofRun,
  /** The command that asked for the run. */
  command_id: commandIdSchema,
  approval_id: approvalIdSchema,
  digest: approvalDigestSchema,
  decision: z.enum(approvalDecisions),
  /** Where the owner decided; absent where nobody did. */
  by: z.enum(approvers).optional(),
});
export type ApprovalFact = z.infer<typeof approvalFactSchema>;
/** A limit of the run was reached; its end follows. */
export const limitFactSchema = z.object({
  type: z.literal("limit"),
  ...ofRun,
  limit: z.enum(runLimits),
  /** What was measured, and what is allowed, in the limit's own unit. */
  value: z.number().min(0),
  allowed: z.number().min(0),
});
export const signalledFactSchema = z.object({
  type: z.literal("signalled"),
  ...ofRun,
  signal: signalSchema,
  command_id: commandIdSchema.optional(),
});
export const stoppingFactSchema = z.object({ type: z.literal("stopping"), ...ofRun, reason: endReasonSchema });
export const exitedFactSchema = z.object({
  type: z.literal("exited"),
  ...ofRun,
  /** Null where the root ended by a signal, or where nobody saw the exit. */
  returncode: z.number().int().nullable(),
  signal: z.string().max(32).nullable(),
  reason: endReasonSchema,
});
export const gapFactSchema = z.object({
  type: z.literal("gap"),
  ...ofRun,
  /** Null, from a runner that does not know it: where the log's output of this run ends by then. */
  from_offset: z.number().int().min(0).nullable(),
  to_offset: z.number().int().min(0).nullable(),
  reason: z.string().max(64),
  /** How many records it stands for, where their output had to go before it was sent; else it is one itself. */
  records: recordNumberSchema.optional(),
});
/** Something of the machine itself is missing: records of no one run, or a stretch of seqs that were never given. */
export const lossFactSchema = z.object({
  type: z.literal("loss"),
  at: atSchema,
  reason: z.string().max(64),
  from_seq: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
  to_seq: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
});
export const survivorSchema = z.object({
  pid: z.number().int().min(1),
  command: z.string().max(maxDetailLength),
  ports: z.array(z.number().int().min(0).max(65_535)).max(256),
});
export type Survivor = z.infer<typeof survivorSchema>;

/** What became of a command. Comes from the runner's own spool, once for each command id. */
export const commandFactSchema = z.object({
  type: z.literal("command"),
  at: atSchema,
  command_id: commandIdSchema,
  outcome: z.enum(["done", "refused"]),
  code: z.enum(errorCodes).optional(),
  detail: detailSchema.optional(),
  hint: detailSchema.optional(),
  errors: z
    .array(z.object({ path: z.string().max(256), message: detailSchema }))
    .max(32)
    .optional(),
  process: processIdSchema.optional(),
  run: runNumberSchema.optional(),
  /** Where the run's output stood when it was done. */
  offset: z.number().int().min(0).optional(),
  /** A start that was answered with a process that lived already. */
  reused: z.boolean().optional(),
  stopped: z.boolean().optional(),
  survivors: z.array(survivorSchema).max(256).optional(),
});
export type CommandFact = z.infer<typeof commandFactSchema>;

export const factSchema = z.discriminatedUnion("type", [
  pendingFactSchema,
  startingFactSchema,
  startedFactSchema,
  failedFactSchema,
  outputFactSchema,
  inputFactSchema,
  pausedFactSchema,
  resumedFactSchema,
  readyFactSchema,
  approvalFactSchema,
  limitFactSchema,
  lostFactSchema,
  forgottenFactSchema,
  signalledFactSchema,
  stoppingFactSchema,
  exitedFactSchema,
  gapFactSchema,
  lossFactSchema,
  commandFactSchema,
  matchFactSchema,
]);
export type Fact = z.infer<typeof factSchema>;
export type LossFact = z.infer<typeof lossFactSchema>;
export type RunFact = Exclude<Fact, CommandFact | LossFact | MatchFact>;
export type OutputFact = z.infer<typeof outputFactSchema>;

/** Whether a fact is a run's own, and not one of the machine, or of the runner about a run. */
export function isRunFact(fact: Fact): fact is RunFact {
  return fact.type !== "command" && fact.type !== "loss" && fact.type !== "match";
}

/** Whether a fact is about a run, by whoever it is told. */
export function isAboutRun(fact: Fact): fact is RunFact | MatchFact {
  return isRunFact(fact) || fact.type === "match";
}

/** Payload bytes that belong to a fact. */
export function payloadSize(fact: Fact): number {
  return fact.type === "output" ? fact.size : 0;
}

/** How many of its spool's records a fact stands for. */
export function countRecords(fact: Fact): number {
  return fact.type === "gap" ? (fact.records ?? 1) : 1;
}

/** Where the payload of each of a batch's facts begins; one more than there are facts, since each ends where the next begins. */
export function payloadOffsets(facts: readonly Fact[]): number[] {
  const offsets = [0];
  for (const [index, fact] of facts.entries()) offsets.push((offsets[index] ?? 0) + payloadSize(fact));
  return offsets;
}
