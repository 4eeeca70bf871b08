// What a machine's audit says: each command as it is sent and as it is answered, each connection, each change of the
// policy. Every entry is written in the turn of what it records.

import { describeOperation, summedBytes } from "@longwire/shared/audit/describe-operation.ts";
import type { Actor, AuditDraft, ChainHead } from "@longwire/shared/audit/entry.ts";
import type { ErrorCode, Refusal } from "@longwire/shared/errors.ts";
import type { DirectOperation } from "@longwire/shared/wire/direct.ts";
import type { ApprovalFact, CommandFact } from "@longwire/shared/wire/facts.ts";
import { AuditChain, type AuditPage, type AuditQuery } from "../audit/chain.ts";
import { noteOf, type AskedCommand, type AskedNote, type AskedRow } from "./asked-command.ts";
import { SummedCommands } from "./summed-commands.ts";
import type { ViewerSession } from "./viewers.ts";

const runner: Actor = { kind: "runner" };
const itself: Actor = { kind: "control_plane" };
const owner: Actor = { kind: "owner" };

export class MachineAudit {
  readonly #chain: AuditChain;
  readonly #summed: SummedCommands;

  constructor(sql: SqlStorage) {
    this.#chain = new AuditChain(sql);
    this.#summed = new SummedCommands(sql, this.#chain);
  }

  /** Where the chain stands; what waits to be summed up comes after it. */
  get head(): ChainHead {
    return this.#chain.head;
  }

  /** What is to stand in the row of a command that comes. */
  rowFor(command: AskedCommand, now: number): AskedRow {
    this.#summed.flushDue(now);
    const isSummed = summedBytes(command.operation) !== null;
    return { note: noteOf(command), summedAt: isSummed ? this.#summed.dateFor(now) : null };
  }

  /** A command is stored, with `row`, and about to be sent. */
  sent({ id, operation, actor }: AskedCommand, { note, summedAt }: AskedRow, now: number): void {
    if (summedAt !== null) return this.#summed.add({ id, note, at: summedAt });
    this.#write({ actor, ...describeOperation(operation), outcome: "sent", command_id: id }, now);
  }

  /** A request that asked for a command again, or one the object refuses by itself. */
  notSent({ id, operation, actor }: AskedCommand, refusal: Refusal | null, now: number): void {
    const { act, target } = describeOperation(operation);
    const what = { actor, act, target, command_id: id };
    if (refusal === null) this.#write({ ...what, outcome: "repeated" }, now);
    else this.#write({ ...what, outcome: "refused", reason: refusal.code }, now);
  }

  /** What the machine said of a command. Input that was given is told by its sum alone. */
  answered({ command_id, outcome, code, process }: CommandFact, { act, target }: AskedNote, now: number): void {
    if (outcome === "done" && (act === "input" || act === "resize")) return;
    const what = { actor: runner, act, target: process ?? target, command_id };
    const reason = code === undefined ? {} : { reason: code };
    this.#write({ ...what, outcome: code === "runner_timeout" ? "expired" : outcome, ...reason }, now);
  }

  connected(isReplacing: boolean, version: string, now: number): void {
    const act = isReplacing ? "runner_replaced" : "runner_connected";
    this.#write({ actor: runner, act, target: "link", outcome: "done", detail: `version ${version}` }, now);
  }

  disconnected(now: number): void {
    this.#write({ actor: runner, act: "runner_disconnected", target: "link", outcome: "done" }, now);
  }

  /** The owner's policy is another one than the runner told before. */
  policyLoaded(mode: string, digest: string | undefined, now: number): void {
    const what = { actor: runner, act: "policy_loaded", target: `mode ${mode}` } as const;
    this.#write({ ...what, outcome: "done", ...(digest === undefined ? {} : { digest }) }, now);
  }

  connectedViewer(actor: Actor, protocol: string, now: number): void {
    this.#write({ actor, act: "viewer_connected", target: protocol, outcome: "done" }, now);
  }

  leftViewer({ actor, protocol, typedBytes }: ViewerSession, now: number): void {
    const typed = typedBytes === 0 ? {} : { detail: `typed ${typedBytes} bytes` };
    this.#write({ actor, act: "viewer_left", target: protocol, outcome: "done", ...typed }, now);
  }

  /** A viewer had a signal sent over its socket. */
  signalled(actor: Actor | null, operation: DirectOperation, code: ErrorCode | undefined, now: number): void {
    const what = { actor: actor ?? itself, ...describeOperation(operation) };
    const outcome =
      code === undefined ? ({ outcome: "done" } as const) : ({ outcome: "refused", reason: code } as const);
    this.#write({ ...what, ...outcome }, now);
  }

  /** The owner is asked about a start, or decided; where nobody did, the reason says what became of it. */
  approval({ decision, approval_id, process, run, command_id, digest, by }: ApprovalFact, now: number): void {
    const what = { target: approval_id, detail: `${process}.${run}`, command_id, digest };
    if (decision === "asked")
      return this.#write({ actor: runner, act: "approval_asked", outcome: "sent", ...what }, now);
    const isAllowed = decision === "once" || decision === "always";
    const actor = by === undefined ? runner : { ...owner, name: by };
    const act = isAllowed ? "approved" : "approval_denied";
    this.#write({ actor, act, outcome: "done", reason: decision, ...what }, now);
  }

  enrolled(machineId: string, now: number): void {
    this.#write({ actor: itself, act: "machine_enrolled", target: machineId, outcome: "done" }, now);
  }

  restored(now: number): void {
    this.#write({ actor: itself, act: "restored", target: "log", outcome: "done" }, now);
  }

  read(query: AuditQuery, now: number): AuditPage {
    this.#summed.flush(now);
    return this.#chain.read(query);
  }

  /** What memory says may be ahead of what was written: looks again. */
  reread(): void {
    this.#chain.reread();
    this.#summed.reread();
  }

  #write(draft: AuditDraft, now: number): void {
    this.#summed.flush(now);
    this.#chain.append(draft, now);
  }
}
