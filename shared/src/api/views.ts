// What callers read: events, processes, machines, problems. JSON in snake_case, times in ISO 8601 (UTC).

import * as z from "zod";
import { errorCodes } from "../errors.ts";
import { endReasonSchema, processStateSchema, waitingReasonSchema } from "../process-state.ts";
import { runLimits } from "../run-limits.ts";
import { namedCommandSchema } from "./named-commands.ts";
import { approvalDecisions, approvers, pendingApprovalSchema } from "../wire/approvals.ts";
import { policyModes } from "../policy-modes.ts";
import { survivorSchema } from "../wire/facts.ts";
import { waitConditions } from "./wait-conditions.ts";

export const eventSchema = z
  .object({
    seq: z.number().int(),
    type: z.string(),
    timestamp: z.string(),
    process_id: z.string().optional(),
    name: z.string().optional(),
    run: z.number().int().optional(),
    command: z.string().optional(),
    stream: z.enum(["stdout", "stderr", "tty", "exit"]).optional(),
    offset: z.number().int().optional().meta({ description: "Of the first byte, in the run's combined output." }),
    data: z.string().optional(),
    data_base64: z.string().optional().meta({ description: "Instead of `data` where the bytes are not UTF-8." }),
    state: processStateSchema.optional(),
    waiting_for: waitingReasonSchema.optional(),
    bytes: z.number().int().optional(),
    closed: z.boolean().optional(),
    approval_id: z.string().optional(),
    digest: z.string().optional(),
    decision: z.enum(approvalDecisions).optional(),
    by: z.enum(approvers).optional(),
    limit: z.enum(runLimits).optional(),
    value: z.number().optional(),
    allowed: z.number().optional(),
    pid: z.number().int().optional(),
    returncode: z.number().int().nullable().optional(),
    signal: z.string().nullable().optional(),
    reason: z.string().optional(),
    detail: z.string().optional(),
    from_offset: z.number().int().optional(),
    to_offset: z.number().int().nullable().optional(),
    from_seq: z.number().int().optional(),
    to_seq: z.number().int().optional(),
    watch: z.string().optional().meta({ description: "Of a `match`: the webhook that asked for it." }),
    text: z.string().optional().meta({ description: "Of a `match`: the line." }),
    skipped: z.number().int().optional().meta({ description: "Lines that matched since the one before." }),
    command_id: z.string().optional(),
    outcome: z.string().optional(),
    code: z.string().optional(),
  })
  .meta({ id: "Event" });
export type Event = z.infer<typeof eventSchema>;

const amount = z.number().min(0);
const nullableAmount = amount.nullable().meta({ description: "Null where the machine's system does not tell." });

export const portSchema = z
  .object({
    port: z.number().int(),
    address: z.string(),
    pid: z.number().int().nullable(),
    command: z.string(),
  })
  .meta({ id: "Port" });
export type Port = z.infer<typeof portSchema>;

/** What all processes of one run use together. */
export const metricsSchema = z
  .object({
    sampled_at: z.string(),
    cpu_percent: amount.meta({ description: "100 is one processor." }),
    cpu_user_ms: amount,
    cpu_system_ms: amount,
    memory_bytes: amount.meta({ description: "Resident; what processes share counts for each of them." }),
    processes: z.number().int(),
    open_handles: nullableAmount,
    read_bytes: nullableAmount,
    written_bytes: nullableAmount,
    idle_ms: amount.meta({ description: "Since it last printed, or was given something." }),
  })
  .meta({ id: "Metrics" });

export type Metrics = z.infer<typeof metricsSchema>;

export const machineMetricsSchema = z
  .object({
    sampled_at: z.string(),
    cpus: z.number().int(),
    load: z.array(amount).meta({ description: "Over 1, 5 and 15 minutes." }),
    memory_total_bytes: amount,
    memory_free_bytes: amount,
    runner_memory_bytes: amount,
    total: z
      .object({ cpu_percent: amount, memory_bytes: amount, processes: z.number().int(), open_handles: nullableAmount })
      .meta({ description: "Of all live runs together." }),
  })
  .meta({ id: "MachineMetrics" });

export type MachineMetrics = z.infer<typeof machineMetricsSchema>;

const metricsReason = z.string().optional().meta({ description: "Why `metrics` and `ports` are not there." });

export const processSchema = z
  .object({
    process_id: z.string(),
    name: z.string().nullable(),
    state: processStateSchema,
    waiting_for: waitingReasonSchema.optional(),
    ready: z.boolean().nullable().meta({ description: "Null where the start named no condition for it." }),
    run: z.number().int(),
    pid: z.number().int().nullable(),
    command: z.string().optional(),
    argv: z.array(z.string()).optional(),
    use: z.string().optional(),
    cwd: z.string(),
    tags: z.array(z.string()),
    tty: z.boolean(),
    started_at: z.string().nullable(),
    ended_at: z.string().nullable(),
    returncode: z.number().int().nullable(),
    signal: z.string().nullable(),
    reason: endReasonSchema.nullable(),
    detail: z.string().optional(),
    output_bytes: z.number().int(),
    cursor: z.string().meta({ description: "Where the output ends now, as `run.offset`." }),
    restarts: z.number().int().meta({ description: "How often its restart policy began it again." }),
    metrics: metricsSchema
      .nullable()
      .optional()
      .meta({ description: "With `metrics=true`; null while it does not run." }),
    ports: z
      .array(portSchema)
      .nullable()
      .optional()
      .meta({ description: "That its tree listens on, with `metrics=true`." }),
    metrics_reason: metricsReason,
  })
  .meta({ id: "Process" });
export type Process = z.infer<typeof processSchema>;

export const machineSchema = z
  .object({
    machine_id: z.string(),
    name: z.string(),
    online: z.boolean(),
    last_seen_at: z.string().nullable(),
    os: z.string(),
    arch: z.string(),
    runner_version: z.string(),
    policy_mode: z.enum(policyModes).nullable(),
    commands: z.array(namedCommandSchema).meta({ description: "Those the machine's owner named." }),
    capabilities: z.record(z.string(), z.boolean()),
    counts: z.object({ live: z.number().int(), total: z.number().int() }),
    head: z.number().int().meta({ description: "The highest seq in the machine's log." }),
    metrics: machineMetricsSchema
      .nullable()
      .optional()
      .meta({ description: "With `metrics=true`; null while offline." }),
    ports: z
      .array(portSchema.extend({ process_id: z.string().nullable() }))
      .nullable()
      .optional()
      .meta({ description: "That anybody on the machine listens on, with `metrics=true`." }),
    metrics_reason: metricsReason,
  })
  .meta({ id: "Machine" });
export type Machine = z.infer<typeof machineSchema>;

/** A page of a list. */
export function listOf<T extends z.ZodType>(item: T) {
  return z.object({ items: z.array(item), next_cursor: z.string().nullable() });
}

export const stopAnswerSchema = z
  .object({ stopped: z.boolean(), survivors: z.array(survivorSchema), process: processSchema })
  .meta({ id: "StopAnswer" });
export type StopAnswer = z.infer<typeof stopAnswerSchema>;

/** Why a wait ended: what it was asked to end on, the run's end, the owner's no, its time, or the bound on what one call searches. */
export const waitEndings = [...waitConditions, "denied", "time_up", "budget"] as const;
export type WaitEnding = (typeof waitEndings)[number];

export const waitResultSchema = z
  .object({
    ended_by: z.enum(waitEndings),
    match: z
      .object({
        text: z.string().meta({ description: "The line without escape sequences, at most 500 characters of it." }),
        cursor: z.string().meta({ description: "Behind the line." }),
      })
      .optional(),
    port: z.number().int().optional().meta({ description: "That the tree listens on, where that ended the wait." }),
    next_cursor: z.string().meta({ description: "The `after` to go on with, as `run.offset`." }),
    output: z.string().meta({ description: "What was printed since `after`: its last 4000 characters." }),
    omitted_bytes: z
      .number()
      .int()
      .meta({ description: "Bytes between `after` and `output` that are left out, or gone." }),
  })
  .meta({ id: "WaitResult" });
export type WaitResult = z.infer<typeof waitResultSchema>;

export const waitAnswerSchema = waitResultSchema.extend({ process: processSchema }).meta({ id: "WaitAnswer" });
export type WaitAnswer = z.infer<typeof waitAnswerSchema>;

/** The answer to a start that waits: the process as it is at the wait's end. */
export const startedAnswerSchema = processSchema.extend({ wait: waitResultSchema }).meta({ id: "StartedAnswer" });
export type StartedAnswer = z.infer<typeof startedAnswerSchema>;

export const approvalsAnswerSchema = listOf(pendingApprovalSchema).meta({ id: "Approvals" });
export type ApprovalsAnswer = z.infer<typeof approvalsAnswerSchema>;

export const signalAnswerSchema = z.object({ process: processSchema }).meta({ id: "SignalAnswer" });

/** Of a machine that joined a workspace. */
export const joinAnswerSchema = z
  .object({ machine_id: z.string(), machine_token: z.string() })
  .meta({ id: "JoinAnswer" });
export type JoinAnswer = z.infer<typeof joinAnswerSchema>;

/** Of a machine that has a new workspace of its own. */
export const enrollAnswerSchema = joinAnswerSchema.extend({ admin_token: z.string() }).meta({ id: "EnrollAnswer" });
export type EnrollAnswer = z.infer<typeof enrollAnswerSchema>;

export const eventsAnswerSchema = z
  .object({ events: z.array(eventSchema), next_after: z.number().int(), head: z.number().int() })
  .meta({ id: "EventsAnswer" });

/** Rendered output with what was done to it; offsets and cursors are places in the run's whole output. */
export const outputAnswerSchema = z
  .object({
    process_id: z.string(),
    run: z.number().int(),
    state: processStateSchema,
    output: z.string(),
    from_cursor: z.string(),
    next_cursor: z.string(),
    /** Lines that `output` and `left_out` stand for, and those before them. */
    lines: z.number().int(),
    lines_before: z.number().int(),
    matches: z.number().int().optional(),
    left_out: z.object({ lines: z.number().int(), from_cursor: z.string(), to_cursor: z.string() }).nullable(),
    gaps: z.array(
      z.object({ from_offset: z.number().int(), to_offset: z.number().int().nullable(), reason: z.string() }),
    ),
    filters: z.object({
      escapes: z.number().int(),
      rewrites: z.number().int(),
      pictures: z.number().int(),
      folded: z.number().int(),
      cut: z.number().int(),
    }),
  })
  .meta({ id: "OutputAnswer" });
export type OutputAnswer = z.infer<typeof outputAnswerSchema>;

/** A line that a search found, with the cursors of its beginning and of what is behind it. */
export const searchMatchSchema = z
  .object({
    process_id: z.string(),
    name: z.string().optional(),
    run: z.number().int(),
    cursor: z.string(),
    end_cursor: z.string(),
    text: z.string(),
    before: z.array(z.string()),
    after: z.array(z.string()),
  })
  .meta({ id: "SearchMatch" });
export type SearchMatch = z.infer<typeof searchMatchSchema>;

export const searchAnswerSchema = listOf(searchMatchSchema).meta({ id: "SearchAnswer" });
export type SearchAnswer = z.infer<typeof searchAnswerSchema>;

/** RFC 9457. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.enum(errorCodes),
    hint: z.string(),
    trace_id: z.string(),
    retry_after_ms: z.number().int().optional(),
    /** With `output_expired`: what to read on `after`. */
    earliest: z.string().optional(),
    errors: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: "Problem" });
export type Problem = z.infer<typeof problemSchema>;
