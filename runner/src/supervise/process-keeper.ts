// The machine's processes beyond any one run: what each was asked to be, which run comes next and when. What follows
// from an end and whose turn it is are decided in `restart-policy.ts` and `start-queue.ts`; this keeps it and does it.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { CommandId, ProcessId } from "@longwire/shared/ids.ts";
import { maxPendingStarts } from "@longwire/shared/limits.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import type { ApprovalDesk } from "../approve/approval-desk.ts";
import type { RunSecrets } from "../shim/run-secrets.ts";
import type { RunSpec } from "../shim/run-spec.ts";
import type { FollowedRun } from "./followed-run.ts";
import { Holds } from "./holds.ts";
import { awaitBeginning } from "./await-beginning.ts";
import { AfterRun } from "./after-run.ts";
import { OwnerAsker } from "./owner-asker.ts";
import { isWaiting, keptVersion, type KeptStart, type WaitingStart } from "./kept-start.ts";
import { type Outfit, planRun, secretsOf } from "./new-run.ts";
import { MachineRoom, type RoomParts } from "./machine-room.ts";
import { judgeNeeds, type Needed, type PreparedStart } from "./needs.ts";
import { fullOfWaiting, noRoom } from "./no-room.ts";
import type { Processes } from "./processes.ts";
import { watchReadiness } from "./watch-readiness.ts";
import { TurnClock } from "./turn-clock.ts";
import { describeEnd, tellFailed, tellPending } from "./tell-waiting.ts";

export interface KeeperParts extends RoomParts {
  readonly approvals: ApprovalDesk;
  /** Makes the folder, launches the shim and follows it. Null: the system has no room for it, and nothing is left. */
  readonly launch: (spec: RunSpec, secrets: RunSecrets) => FollowedRun | null;
  /** Puts a fact into the runner's own spool. */
  readonly tell: (fact: RunFact) => void;
  readonly log: (text: string) => void;
}

/** What became of a run that was to begin. */
export type Beginning =
  | { readonly type: "begun"; readonly run: FollowedRun }
  | { readonly type: "waiting"; readonly process: ProcessId; readonly run: number }
  | { readonly type: "refused"; readonly refusal: Refusal };

export class ProcessKeeper {
  readonly holds = new Holds();
  readonly asker: OwnerAsker;
  readonly #parts: KeeperParts;
  readonly #room: MachineRoom;
  readonly #after: AfterRun;
  readonly #clock = new TurnClock(() => this.look());
  #isEnding = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
    this.#room = new MachineRoom(parts, this.holds);
    this.#after = new AfterRun({
      ...parts,
      isHeld: (process) => this.#isEnding || this.holds.has(process),
      wakeIn: (delayMs) => this.#clock.wakeIn(delayMs),
    });
    this.asker = new OwnerAsker({
      ...parts,
      wait: (kept) => void this.#wait(kept),
      fail: (kept, reason, detail) => this.#after.fail(kept, reason, detail),
    });
  }

  get processes(): Processes {
    return this.#parts.processes;
  }

  /** After a start of the runner, once all runs on disk are followed: goes on with what waited. */
  resume(): void {
    const { processes, liveRuns, tell, now } = this.#parts;
    const followed = new Set(liveRuns().map((run) => `${run.process}-${run.run}`));
    for (const kept of processes.all()) {
      if (isWaiting(kept) && kept.phase.waitingFor === "approval") this.#judgeAnew(kept);
      else if (isWaiting(kept)) tell(tellPending(kept, kept.phase.waitingFor, now()));
      // Its end was seen, or it never came to begin: it is not followed by another run.
      else if (kept.phase.type === "begun" && !followed.has(`${kept.process}-${kept.run}`)) this.#after.end(kept);
    }
    this.look();
  }

  /** A run was found on disk: what waited for its turn has begun. */
  noteBegun(kept: KeptStart): void {
    if (isWaiting(kept)) this.#after.note({ ...kept, phase: { type: "begun", at: this.#parts.now(), waited: true } });
  }

  /** Finds out when a run is ready that has a condition for that. Others may wait for that, or for its beginning. */
  lookAfter(run: FollowedRun, kept: KeptStart): void {
    const { settings, log, now } = this.#parts;
    void run.begun.then(() => this.look());
    if (run.spec.ready === undefined) return;
    const { environment } = secretsOf(settings, kept);
    const { cwd } = run.spec.label;
    const parts = { run, ready: run.spec.ready, begunAt: run.spec.begun_at ?? now(), environment, cwd, now };
    watchReadiness(parts)
      .then(() => this.look())
      .catch((error: unknown) => log(`${run.process} is not looked at any more: ${String(error)}`));
  }

  /** The process that has `name` and is not ended; null where none has. */
  holderOf(name: string): ProcessId | null {
    const live = this.#parts.liveRuns().find((run) => run.spec.label.name === name);
    if (live !== undefined) return live.process;
    const { processes } = this.#parts;
    for (const kept of processes.all()) {
      if (kept.request.name === name && (isWaiting(kept) || this.holds.has(kept.process))) return kept.process;
    }
    return null;
  }

  /** Begins the run that was asked for, or has it wait for its turn or its owner. Nobody else has its name. */
  start(command_id: CommandId, asked: StartRequest, prepared: PreparedStart, own: ProcessId | null): Beginning {
    const { processes, now } = this.#parts;
    const { request, cwd, asks, actor } = prepared;
    const { queue } = request;
    const isServed = judgeNeeds(prepared.needs, (process) => this.#find(process)).type === "met";
    const needs = isServed ? [] : prepared.needs;
    const at = now();
    const delayMs = queue?.delay_ms ?? 0;
    const waitingFor = isServed ? (delayMs > 0 ? "delay" : "queue") : "needs";
    const turn = { due: at + delayMs, order: processes.nextOrder(), waitingFor } as const;
    const place = { request, phase: { type: "waiting", ...turn } } as const;
    const waits = asks || !isServed || (queue !== undefined && !this.#room.hasTurn(place, this.#waiting(), own));
    const hindrance = queue === undefined && isServed ? this.#room.findHindrance(own) : null;
    if (hindrance !== null) return { type: "refused", refusal: hindrance };
    if (waits && processes.waiting().length >= maxPendingStarts) return { type: "refused", refusal: fullOfWaiting };
    const { process, run } = processes.give(request.name);
    const words = { ...(asked.use === undefined ? {} : { asked }), ...(actor === undefined ? {} : { actor }) };
    const origin = { command_id, asked_at: at, ...words, request, cwd, needs, streak: 0, restarts: 0 };
    const kept: KeptStart = { version: keptVersion, process, run, ...origin, phase: { type: "ended" } };
    if (!waits) return this.#begin(kept);
    const waiting: WaitingStart = { ...kept, phase: { type: "waiting", ...turn } };
    return asks ? this.#ask(waiting) : this.#wait(waiting);
  }

  /**
   * Begins the next run of a process that does not live, as its start asked; at once, also where it waits for its turn,
   * unless its owner has to be asked: what they approved before was for another run.
   */
  beginNext(
    { approved: _approved, actor: _actor, ...kept }: KeptStart,
    command_id: CommandId,
    { request, cwd, asks, actor }: Omit<PreparedStart, "needs">,
  ): Beginning {
    const { processes, now } = this.#parts;
    const hindrance = this.#room.findHindrance(kept.process);
    if (hindrance !== null) return { type: "refused", refusal: hindrance };
    const run = isWaiting(kept) ? kept.run : processes.giveNext(kept);
    const words = actor === undefined ? {} : { actor };
    const next: KeptStart = { ...kept, ...words, command_id, asked_at: now(), request, cwd, streak: 0, run };
    if (!asks) return this.#begin(next);
    const turn = { due: now(), order: processes.nextOrder(), waitingFor: "approval" } as const;
    return this.#ask({ ...next, phase: { type: "waiting", ...turn } });
  }

  /** Ends a run that waits; its process's run, or null where none waits. */
  endWaiting(process: ProcessId): number | null {
    const kept = this.#parts.processes.find(process);
    if (kept === null || !isWaiting(kept)) return null;
    this.#parts.approvals.withdraw(process);
    this.#after.fail(kept, "stopped", "It was stopped before it began.");
    return kept.run;
  }

  /** The machine's owner did not let a run begin that waits for that. */
  deny(process: ProcessId, detail: string): void {
    const kept = this.#parts.processes.find(process);
    if (kept !== null && isWaiting(kept)) this.#after.fail(kept, "denied", detail);
  }

  /** Ends all runs that wait, and lets none begin any more. */
  endAll(): void {
    this.#isEnding = true;
    for (const { process } of this.#parts.processes.waiting()) this.endWaiting(process);
  }

  /** A run is over: what its policy says comes next. */
  onOver(run: FollowedRun): void {
    const kept = this.#parts.processes.find(run.process);
    if (kept?.run === run.run && kept.phase.type === "begun") {
      const { at, waited } = kept.phase;
      if (run.end !== null || run.hasTold) {
        this.#after.follow(kept, describeEnd(run.end, this.#parts.now()), at);
      } else if (waited) {
        this.#after.fail(kept, "spawn_failed", "The program that looks after the process did not start.");
      } else {
        this.#after.end(kept);
      }
    }
    this.look();
  }

  /** Begins every run whose turn it is. */
  look(): void {
    if (this.#isEnding || this.#clock.isClosed) return;
    const { processes, now } = this.#parts;
    if (processes.waiting().length === 0) return;
    this.#lookAtNeeds();
    const { begin, waiting, lookAt } = this.#room.choose(this.#waiting());
    for (const { kept, waitingFor } of waiting.map(({ waiter, waitingFor: why }) => ({ ...waiter, waitingFor: why }))) {
      if (kept.phase.waitingFor !== waitingFor) this.#wait({ ...kept, phase: { ...kept.phase, waitingFor } });
    }
    for (const { kept } of begin) this.#beginWaiting(kept);
    this.#clock.wakeIn(lookAt === null ? null : lookAt - now());
    this.#clock.wakeIn(this.#room.lookAgainMs);
  }

  close(): void {
    this.#clock.close();
  }

  /** Those that wait for nothing but their turn. */
  #waiting(): WaitingStart[] {
    const { processes, approvals } = this.#parts;
    return processes.waiting().filter(({ needs = [], phase, process }) => {
      return needs.length === 0 && (phase.waitingFor !== "approval" || approvals.isGranted(process));
    });
  }

  #find(process: ProcessId): Needed {
    const run = this.#parts.liveRuns().find((one) => one.process === process) ?? null;
    return { kept: this.#parts.processes.find(process), run };
  }

  /** Ends those whose needs cannot be met any more. What was met once is not looked at again. */
  #lookAtNeeds(): void {
    const { processes, tell, now } = this.#parts;
    for (const kept of processes.waiting()) {
      const { needs = [], phase } = kept;
      const verdict = judgeNeeds(needs, (process) => this.#find(process));
      if (verdict.type === "failed") {
        tell(tellFailed(kept, "spawn_failed", verdict.detail, now()));
        this.#after.end(kept, { reason: "spawn_failed", returncode: null, at: now() });
      } else if (verdict.type === "met") {
        if (needs.length > 0) this.#after.note({ ...kept, needs: [] });
      } else if (verdict.left.length < needs.length) this.#wait({ ...kept, needs: verdict.left, phase });
    }
  }

  #ask(kept: WaitingStart): Beginning {
    this.asker.ask(kept);
    return { type: "waiting", process: kept.process, run: kept.run };
  }

  /** What an earlier runner had asked about, which may need that no more. */
  #judgeAnew(kept: WaitingStart): void {
    const cleared = this.asker.clear(kept);
    if (cleared !== null) this.#after.note({ ...kept, phase: { ...kept.phase, waitingFor: "queue" } });
  }

  #wait(kept: WaitingStart): Beginning {
    const { processes, tell, now } = this.#parts;
    processes.put(kept);
    tell(tellPending(kept, kept.phase.waitingFor, now()));
    this.#clock.wakeIn(kept.phase.due - now());
    return { type: "waiting", process: kept.process, run: kept.run };
  }

  /**
   * Where nothing of the run is on disk yet, it is kept first, so that its folder is never there alone. A run that
   * waited is kept already: for it the folder comes first, so that after a crash it waits on or has begun.
   */
  #begin(kept: KeptStart, cleared?: Outfit): Beginning {
    const { settings, processes, launch, now, approvals } = this.#parts;
    approvals.withdraw(kept.process);
    const outfit = cleared ?? { given: secretsOf(settings, kept), bound: null };
    const begun: KeptStart = { ...kept, needs: [], phase: { type: "begun", at: now(), waited: isWaiting(kept) } };
    try {
      if (!isWaiting(kept)) processes.put(begun);
      const planned = planRun(settings, kept, now(), outfit);
      const run = launch(planned.spec, planned.secrets);
      if (run === null) return this.#giveUp(kept, noRoom);
      if (isWaiting(kept)) this.#after.note(begun);
      this.lookAfter(run, kept);
      return { type: "begun", run };
    } catch (error) {
      this.#giveUp(kept, noRoom);
      throw error;
    }
  }

  #giveUp(kept: KeptStart, refusal: Refusal): Beginning {
    if (isWaiting(kept)) this.#after.note(kept);
    else this.#after.end(kept);
    return { type: "refused", refusal };
  }

  #beginWaiting(kept: WaitingStart): void {
    const cleared = this.asker.clear(kept);
    if (cleared === null) return;
    try {
      const beginning = this.#begin(cleared.kept, cleared.outfit);
      if (beginning.type === "refused") this.#after.fail(kept, "spawn_failed", beginning.refusal.detail);
      else if (beginning.type === "begun") void awaitBeginning(beginning.run);
    } catch (error) {
      this.#after.fail(kept, "spawn_failed", `The run could not be prepared: ${String(error)}`);
    }
  }
}
