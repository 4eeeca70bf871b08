// A command from its arrival to its outcome: refused, sent to the runner, and awaited in the log.

import type { Actor } from "@longwire/shared/audit/entry.ts";
import type { Process } from "@longwire/shared/api/views.ts";
import type { CommandId } from "@longwire/shared/ids.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { maxWaitingCommands } from "@longwire/shared/limits.ts";
import { hasEnded } from "@longwire/shared/process-state.ts";
import { presentProcess, type RunView } from "@longwire/shared/run-view.ts";
import type { Operation } from "@longwire/shared/wire/commands.ts";
import type { CommandFact } from "@longwire/shared/wire/facts.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { Commands, Intake } from "./commands.ts";
import type { Log } from "./log.ts";
import type { MachineAudit } from "./machine-audit.ts";
import type { RunnerLink } from "./runner-link.ts";
import type { StartQuota } from "./start-quota.ts";
import type { Waiting } from "./waiting.ts";

/** How long after an outcome the log may need to say what it promises. */
const settleMs = 1000;

/** What became of a submitted command: the outcome, and the process it was about. */
export interface Settled {
  readonly outcome: CommandFact;
  readonly process: Process | null;
}

/** One command as it comes from the Worker. Times are milliseconds. */
export interface Submission {
  readonly id: CommandId;
  readonly operation: Operation;
  readonly actor: Actor;
  /** Tells a repeat under the same idempotency key from another request. */
  readonly requestHash: string;
  readonly waitMs: number;
}

export interface SubmitParts {
  readonly log: () => Log;
  readonly commands: Commands;
  readonly audit: MachineAudit;
  readonly link: RunnerLink;
  readonly waiting: Waiting;
  readonly starts: StartQuota;
  readonly machineName: () => string;
}

/**
 * Waits for the outcome, and for the log to say of the process what the outcome promises; behind a flood of the
 * process's own output that may come late, and then the answer shows the process as the log has it. What is refused
 * here (`machine_offline`, `rate_limited`, `limit_reached`) is refused before anything is stored; after `waitMs` without an outcome the answer is `runner_timeout`.
 */
export async function submit(parts: SubmitParts, submission: Submission): Promise<Result<Settled>> {
  const { id, waitMs } = submission;
  const now = Date.now();
  const socket = parts.link.current(now);
  if (socket === null && parts.commands.outcome(id) === null) {
    return refuse({ code: "machine_offline", detail: `Machine ${parts.machineName()} is not connected.` });
  }
  const refusal = parts.commands.knows(id) ? null : findNoRoom(parts, submission.operation, now);
  if (refusal !== null) return refuse(refusal);
  const intake = takeIn(parts, submission, now);
  if (intake.type === "refused") return refuse(intake.refusal);
  if (intake.type === "send" && socket !== null) parts.link.send(socket, intake.command);
  const outcome = await parts.waiting.until(() => knownOutcome(parts, id), waitMs);
  await parts.waiting.until(() => (isSettled(parts, submission) ? true : null), outcome === null ? 0 : settleMs);
  if (outcome === null) {
    const detail = `Machine ${parts.machineName()} gave no answer within ${waitMs} ms.`;
    return refuse({ code: "runner_timeout", detail });
  }
  const view = viewOf(parts, outcome);
  return succeed({ outcome, process: view === null ? null : presentProcess(view) });
}

/** Stores the command where it is new; the audit says so in the same turn. */
function takeIn({ commands, audit }: SubmitParts, submission: Submission, now: number): Intake {
  const row = audit.rowFor(submission, now);
  const intake = commands.take(submission, row, submission.requestHash, now);
  if (intake.type === "send" && !intake.isRepeat) audit.sent(submission, row, now);
  else audit.notSent(submission, intake.type === "refused" ? intake.refusal : null, now);
  return intake;
}

/** Why one more command is not taken now; null where it is. */
function findNoRoom({ starts, waiting, machineName }: SubmitParts, { op }: Operation, now: number): Refusal | null {
  if (waiting.size >= maxWaitingCommands) {
    const detail = `Machine ${machineName()} has ${maxWaitingCommands} commands that wait for their outcome.`;
    return { code: "limit_reached", detail, hint: "Wait until some of them are done." };
  }
  return op === "start" || op === "restart" ? starts.take(now) : null;
}

/** The outcome, once the log knows the process it speaks of. */
function knownOutcome(parts: SubmitParts, id: CommandId): CommandFact | null {
  const outcome = parts.commands.outcome(id);
  return outcome === null || outcome.process === undefined || viewOf(parts, outcome) !== null ? outcome : null;
}

function viewOf(parts: SubmitParts, outcome: CommandFact): RunView | null {
  if (outcome.process === undefined) return null;
  const { runs } = parts.log();
  return outcome.run === undefined ? runs.latest(outcome.process) : runs.find(outcome.process, outcome.run);
}

/** The outcome comes from the runner's spool and may overtake the run's own facts: those are waited for as well. */
function isSettled(parts: SubmitParts, { id, operation }: Submission): boolean {
  const outcome = parts.commands.outcome(id);
  if (outcome === null) return false;
  if (outcome.process === undefined) return true;
  const view = viewOf(parts, outcome);
  if (view === null || view.state === "starting") return false;
  if (outcome.stopped === true && !hasEnded(view.state)) return false;
  if (operation.op === "pause" && view.state === "running") return false;
  if (operation.op === "resume" && view.state === "paused") return false;
  return view.output_bytes >= (outcome.offset ?? 0);
}
