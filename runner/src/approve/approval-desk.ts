// What waits for the owner, in memory only: after a crash everything is asked anew. Where the owner decides, and how it
// is shown there, is elsewhere; what a decision does to a process is the keeper's.

import { randomBytes } from "node:crypto";
import type { Actor } from "@longwire/shared/audit/entry.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { ApprovalId, CommandId, ProcessId } from "@longwire/shared/ids.ts";
import { approvalTtlMs, maxPendingApprovals } from "@longwire/shared/limits.ts";
import { reasonOf } from "@longwire/shared/reason-of.ts";
import type { Approver, PendingApproval } from "@longwire/shared/wire/approvals.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import { canBeAlways } from "../admit/always.ts";
import { fileOf, type PolicySource } from "../admit/policy.ts";
import type { ExactCommand } from "../admit/policy-schema.ts";
import { type ApprovalInput, type ApprovalState, stepApproval, timeLeft } from "./approval-state.ts";
import { digestOf } from "./digest.ts";
import { noApproval, nobodyToAsk, notFromHere, notForGood, tooManyAsked } from "./approval-refusals.ts";
import { findShowFault, sayRestart } from "./show-what-runs.ts";
import type { WhatRuns } from "./what-runs.ts";

/** The run that is to begin. */
export interface AskedRun {
  readonly process: ProcessId;
  readonly run: number;
  readonly command_id: CommandId;
  /** Who asks for it, as the control plane says. */
  readonly actor?: Actor;
}

/** One that waits for the owner, as it can be shown on the machine. */
export interface Asked {
  readonly id: ApprovalId;
  readonly of: AskedRun;
  readonly what: WhatRuns;
  readonly digest: string;
  readonly leftMs: number;
  /** The name of the token that asked; null where none is known. */
  readonly askedBy: string | null;
  /** Whether it may be allowed for good. */
  readonly canBeAlways: boolean;
}

/** What was approved, to be compared with what begins. */
export interface ApprovedDigest {
  readonly digest: string;
  readonly salt: string;
}

export type Redeemed =
  | { readonly type: "approved"; readonly approved: ApprovedDigest }
  /** Something else would run than what was approved. */
  | { readonly type: "changed" }
  | { readonly type: "none" };

/** The owner on this machine. */
export interface LocalOwner {
  /** Whether anything on the machine can ask: a terminal, or the socket other programs ask through. */
  readonly isReachable: () => boolean;
  /** Puts a command into the policy file for good. Throws with a message for the owner. */
  readonly remember: (exact: ExactCommand) => void;
}

export interface ApprovalDeskOptions {
  readonly policy: PolicySource;
  readonly owner: LocalOwner;
  readonly tell: (fact: RunFact) => void;
  readonly onGranted: (process: ProcessId) => void;
  readonly onRefused: (process: ProcessId, detail: string) => void;
  /** Milliseconds of a clock that goes on while the machine sleeps, and that nobody sets. */
  readonly uptimeMs: () => number;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

interface Entry {
  readonly id: ApprovalId;
  readonly of: AskedRun;
  readonly what: WhatRuns;
  readonly askedAt: number;
  readonly approved: ApprovedDigest;
  state: ApprovalState;
}

/** A machine that slept finds out this late, or as soon as somebody decides. */
const lookEveryMs = 1000;

export class ApprovalDesk {
  /** Called when something is asked, or is no longer. */
  readonly onChange = new Set<() => void>();
  readonly #options: ApprovalDeskOptions;
  readonly #entries = new Map<ApprovalId, Entry>();
  #timer: NodeJS.Timeout | null = null;

  constructor(options: ApprovalDeskOptions) {
    this.#options = options;
  }

  /** Why the owner cannot be asked about it; null where they can. */
  findHindrance(what: WhatRuns): Refusal | null {
    const approve = this.#approve();
    const isLocal = approve.includes("terminal") && this.#options.owner.isReachable();
    if (!isLocal && !approve.includes("dashboard")) return nobodyToAsk;
    return this.asked().length >= maxPendingApprovals ? tooManyAsked : findShowFault(what);
  }

  newId(): ApprovalId {
    return randomBytes(6).toString("hex") as ApprovalId;
  }

  ask(id: ApprovalId, of: AskedRun, what: WhatRuns): void {
    this.withdraw(of.process);
    const salt = randomBytes(16).toString("hex");
    const approved = { salt, digest: digestOf(what, salt) };
    const askedAt = this.#options.uptimeMs();
    const state = { type: "asked", askedAt, digest: approved.digest } as const;
    this.#entries.set(id, { id, of, what, askedAt, approved, state });
    this.#tell(id, of, approved.digest, { decision: "asked" });
    this.#timer ??= setInterval(() => this.#look(), lookEveryMs).unref();
    this.#changed();
  }

  /** The oldest first. */
  asked(): Asked[] {
    const now = this.#options.uptimeMs();
    return [...this.#entries.values()]
      .filter(({ state }) => state.type === "asked")
      .map(({ id, of, what, approved: { digest }, askedAt }) => {
        const isPlain = canBeAlways(what.request, fileOf(this.#options.policy.current()).env.allow ?? []);
        const { ready } = what.request;
        const leftMs = timeLeft({ askedAt }, now);
        const askedBy = sayActor(of.actor);
        return { id, of, what, digest, leftMs, askedBy, canBeAlways: isPlain && ready?.command === undefined };
      })
      .filter(({ leftMs }) => leftMs > 0);
  }

  /** The same for others than the machine itself. */
  list(): PendingApproval[] {
    return this.asked()
      .slice(0, maxPendingApprovals)
      .map((asked) => describe(asked));
  }

  /** The owner's word. A refusal says why it does not count. */
  decide(
    id: ApprovalId,
    decision: "once" | "always" | "deny",
    by: Approver,
  ): { readonly type: "decided"; readonly of: AskedRun } | { readonly type: "refused"; readonly refusal: Refusal } {
    const place = by === "dashboard" ? "dashboard" : "terminal";
    if (!this.#approve().includes(place)) return { type: "refused", refusal: notFromHere(place) };
    const entry = this.asked().find((one) => one.id === id);
    if (entry === undefined) return { type: "refused", refusal: noApproval(id) };
    if (decision === "always") {
      const refusal = by === "dashboard" ? notFromHere(place) : this.#remember(entry);
      if (refusal !== null) return { type: "refused", refusal };
    }
    this.#step(id, { type: "decide", decision, by });
    return { type: "decided", of: entry.of };
  }

  /** Whether the owner said yes to what this process waits with. */
  isGranted(process: ProcessId): boolean {
    return this.#of(process)?.state.type === "granted";
  }

  /** Uses up what was approved for `process`, or holds `before`, which a run of it began with, against what would run. */
  redeem(process: ProcessId, what: WhatRuns, before: ApprovedDigest | undefined): Redeemed {
    const entry = this.#of(process);
    if (entry?.state.type === "granted") {
      const { approved } = entry;
      const { state } = stepApproval(
        entry.state,
        { type: "begin", digest: digestOf(what, approved.salt) },
        this.#options.uptimeMs(),
      );
      this.#entries.delete(entry.id);
      return state.type === "used" ? { type: "approved", approved } : { type: "changed" };
    }
    if (before === undefined) return { type: "none" };
    return digestOf(what, before.salt) === before.digest ? { type: "approved", approved: before } : { type: "none" };
  }

  /** Whatever the process waited with is asked no more, and what was approved counts no more. */
  withdraw(process: ProcessId): void {
    const entry = this.#of(process);
    if (entry !== undefined) this.#step(entry.id, { type: "withdraw" });
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#entries.clear();
    this.#changed();
  }

  #approve(): readonly ("terminal" | "dashboard")[] {
    const policy = this.#options.policy.current();
    return policy.type === "read" ? policy.file.approve : [];
  }

  #of(process: ProcessId): Entry | undefined {
    return [...this.#entries.values()].find(({ of }) => of.process === process);
  }

  #look(): void {
    for (const id of this.#entries.keys()) this.#step(id, { type: "clock" });
    const isAsked = [...this.#entries.values()].some(({ state }) => state.type === "asked");
    if (isAsked || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }

  #step(id: ApprovalId, input: ApprovalInput): void {
    const entry = this.#entries.get(id);
    if (entry === undefined) return;
    const { state, told } = stepApproval(entry.state, input, this.#options.uptimeMs());
    if (state === entry.state) return;
    entry.state = state;
    if (state.type !== "granted") this.#entries.delete(id);
    if (told !== null) this.#tell(id, entry.of, entry.approved.digest, told);
    this.#changed();
    const { onGranted, onRefused } = this.#options;
    if (state.type === "granted") onGranted(entry.of.process);
    else if (state.type === "denied") onRefused(entry.of.process, "The machine's owner did not allow it.");
    else if (state.type === "expired") onRefused(entry.of.process, unanswered);
  }

  #tell(
    approval_id: ApprovalId,
    { process, run, command_id }: AskedRun,
    digest: string,
    told: NonNullable<ReturnType<typeof stepApproval>["told"]>,
  ): void {
    const { tell, now } = this.#options;
    tell({ type: "approval", at: now(), process, run, command_id, approval_id, digest, ...told });
  }

  #remember({ what, canBeAlways: isPlain }: Asked): Refusal | null {
    const { command, argv } = what.request;
    if (!isPlain) return notForGood;
    try {
      this.#options.owner.remember({ command, argv, cwd: what.cwd });
      return null;
    } catch (error) {
      const why = reasonOf(error);
      return { code: "internal", detail: `It could not be put into the policy file: ${why}`, hint: "Allow it once." };
    }
  }

  #changed(): void {
    for (const listener of this.onChange) listener();
  }
}

/** A token by its name, where one asked; null where nobody is known. */
function sayActor(actor: Actor | undefined): string | null {
  return actor?.kind === "operator" ? (actor.name ?? actor.token_id ?? null) : null;
}

const unanswered = `The machine's owner was asked and did not answer within ${approvalTtlMs / 1000} s.`;

function describe({ id, of, what, digest, leftMs, askedBy }: Asked): PendingApproval {
  const { request, cwd, bound } = what;
  const { name, command, argv, env = {}, stdin, tty = false, ready, restart } = request;
  return {
    approval_id: id,
    process_id: of.process,
    run: of.run,
    name: name ?? null,
    ...(command === undefined ? {} : { command }),
    ...(argv === undefined ? {} : { argv }),
    program: bound.program?.path ?? null,
    cwd,
    env: Object.keys(env),
    stdin_bytes: stdin === undefined ? null : Buffer.byteLength(stdin),
    tty,
    ready_command: ready?.command ?? null,
    restart: restart === undefined || restart.policy === "never" ? null : sayRestart(restart),
    asked_by: askedBy,
    digest,
    expires_in_ms: leftMs,
  };
}
