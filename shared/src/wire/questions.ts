// What the object asks a runner without storing it, and what the runner answers: how its trees and its machine do, and
// when a tree listens on a port. A runner that knows no such question says nothing.

import * as z from "zod";
import { processIdSchema, runNumberSchema } from "../ids.ts";
import { maxDetailLength, maxPendingApprovals, maxSampledPorts, maxSampledTrees, maxWaitMs } from "../limits.ts";
import { pendingApprovalSchema } from "./approvals.ts";

const questionIdSchema = z.string().min(1).max(64);
/** Of samples that are sent without being asked for each time. */
export const watchedSamplesId = "watch";
export const portNumberSchema = z.number().int().min(1).max(65_535);
const countSchema = z.number().int().min(0);
const amountSchema = z.number().min(0);

/** How all live trees do now. `all_ports`: with the ports of everybody on the machine, not of the trees alone. */
export const sampleQuestionSchema = z.object({
  type: z.literal("sample"),
  id: questionIdSchema,
  all_ports: z.boolean(),
});

/** When the run's tree listens on `port`, or on any where that is absent. Answered after `wait_ms` in any case. */
export const portQuestionSchema = z.object({
  type: z.literal("await_port"),
  id: questionIdSchema,
  process: processIdSchema,
  run: runNumberSchema,
  port: portNumberSchema.optional(),
  wait_ms: z.number().int().min(0).max(maxWaitMs),
});

/** What waits for the machine's owner now. */
export const approvalsQuestionSchema = z.object({ type: z.literal("list_approvals"), id: questionIdSchema });

export const questionSchema = z.discriminatedUnion("type", [
  sampleQuestionSchema,
  portQuestionSchema,
  approvalsQuestionSchema,
]);
export type Question = z.infer<typeof questionSchema>;
type WithoutId<T> = T extends Question ? Omit<T, "id"> : never;
/** A question before it gets its id. */
export type Inquiry = WithoutId<Question>;

/** All processes of one run together. Null: the system does not tell. */
export const treeSampleSchema = z.object({
  process: processIdSchema,
  run: runNumberSchema,
  /** 100 is one processor. */
  cpu_percent: amountSchema,
  cpu_user_ms: amountSchema,
  cpu_system_ms: amountSchema,
  /** Resident; what processes share counts for each of them. */
  memory_bytes: countSchema,
  processes: countSchema,
  open_handles: countSchema.nullable(),
  read_bytes: countSchema.nullable(),
  written_bytes: countSchema.nullable(),
  /** Since its last record: since it printed, or was given something. */
  idle_ms: countSchema,
});
export type TreeSample = z.infer<typeof treeSampleSchema>;

export const sampledPortSchema = z.object({
  port: portNumberSchema,
  address: z.string().max(64),
  /** Null where the system does not say whose it is. */
  pid: z.number().int().nullable(),
  /** A command line where the process belongs to a run, else the program's bare name. */
  command: z.string().max(maxDetailLength),
  process: processIdSchema.optional(),
  run: runNumberSchema.optional(),
});
export type SampledPort = z.infer<typeof sampledPortSchema>;

export const machineSampleSchema = z.object({
  cpus: countSchema,
  /** Over 1, 5 and 15 minutes. */
  load: z.array(amountSchema).length(3),
  memory_total_bytes: countSchema,
  memory_free_bytes: countSchema,
  runner_memory_bytes: countSchema,
});

export const samplesSchema = z.object({
  type: z.literal("samples"),
  id: questionIdSchema,
  /** Milliseconds since 1970, by the machine's clock. */
  at: z.number().int(),
  trees: z.array(treeSampleSchema).max(maxSampledTrees),
  ports: z.array(sampledPortSchema).max(maxSampledPorts),
  machine: machineSampleSchema,
});
export type Samples = z.infer<typeof samplesSchema>;

/** `port`: the one it listens on; null: the time was up, or the run is not there. */
export const portAnswerSchema = z.object({
  type: z.literal("port"),
  id: questionIdSchema,
  port: portNumberSchema.nullable(),
});

/** The oldest first. */
export const approvalsAnswerSchema = z.object({
  type: z.literal("approvals"),
  id: questionIdSchema,
  items: z.array(pendingApprovalSchema).max(maxPendingApprovals),
});
export type RunnerAnswer = Samples | z.infer<typeof portAnswerSchema> | z.infer<typeof approvalsAnswerSchema>;
