// The machine's processes beyond any one run: what each was asked to be, which run comes next and when. What follows
// from an end and whose turn it is are decided in `restart-policy.ts` and `start-queue.ts`; this keeps it and does it.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { CommandId, ProcessId } from "@longwire/shared/ids.ts";
import { maxPendingStarts } from "@longwire/shared/limits.ts";
import type { EndReason } from "@longwire/shared/process-state.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import { type Admitted, admitStart } from "../admit/admission.ts";
import type { RunSpec } from "../shim/run-spec.ts";
import type { FollowedRun } from "./followed-run.ts";
import { Holds } from "./holds.ts";
import { awaitBeginning } from "./await-beginning.ts";
import { askedOf, isWaiting, keptVersion, type KeptStart, type RunEnd, type WaitingStart } from "./kept-start.ts";
import { secretsOf, specOf } from "./new-run.ts";
import { full, fullOfWaiting, noRoom, spoolsFull } from "./no-room.ts";
import type { Processes } from "./processes.ts";
import type { RunSecrets } from "./run-folder.ts";
import { watchReadiness } from "./watch-readiness.ts";
import { planRestart } from "./restart-policy.ts";
import type { StartSettings } from "./start-settings.ts";
import { countLive, TurnClock, waiterOf } from "./turn-clock.ts";
import { chooseTurns } from "./start-queue.ts";
import { describeEnd, tellFailed, tellPending } from "./tell-waiting.ts";

export interface KeeperParts {
  readonly settings: StartSettings;
  readonly processes: Processes;
  readonly liveRuns: () => readonly FollowedRun[];
  /** Whether what is not delivered yet leaves no room for another run's output. */
  readonly areSpoolsFull: () => boolean;
  /** Makes the folder, launches the shim and follows it. Null: the system has no room for it, and nothing is left. */
  readonly launch: (spec: RunSpec, secrets: RunSecrets) => FollowedRun | null;
  /** Puts a fact into the runner's own spool. */
  readonly tell: (fact: RunFact) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (text: string) => void;
}

/** What became of a run that was to begin. */
export type Beginning =
  | { readonly type: "begun"; readonly run: FollowedRun }
  | { readonly type: "waiting"; readonly process: ProcessId; readonly run: number }
  | { readonly type: "refused"; readonly refusal: Refusal };

/** How soon to look again whether spools that were full have room. */
const spoolLookMs = 1000;

export class ProcessKeeper {
  readonly holds = new Holds();
  readonly #parts: KeeperParts;
  readonly #clock = new TurnClock(() => this.look());
  #isEnding = false;

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  get processes(): Processes {
    return this.#parts.processes;
  }

  /** After a start of the runner, once all runs on disk are followed: goes on with what waited. */
  resume(): void {
    const { processes, liveRuns, tell, now } = this.#parts;
    const followed = new Set(liveRuns().map((run) => `${run.process}-${run.run}`));
    for (const kept of processes.all()) {
      if (isWaiting(kept)) tell(tellPending(kept, kept.phase.waitingFor, now()));
      // Its end was seen, or it never came to begin: it is not followed by another run.
      else if (kept.phase.type === "begun" && !followed.has(`${kept.process}-${kept.run}`)) this.#end(kept);
    }
    this.look();
  }

  /** A run was found on disk: what waited for its turn has begun. */
  noteBegun(kept: KeptStart): void {
    if (isWaiting(kept)) this.#note({ ...kept, phase: { type: "begun", at: this.#parts.now(), waited: true } });
  }

  /** Finds out when a run is ready that has a condition for that. */
  lookAfter(run: FollowedRun, kept: KeptStart): void {
    const { settings, log, now } = this.#parts;
    if (run.spec.ready === undefined) return;
    const { environment } = secretsOf(settings, kept);
    const { cwd } = run.spec.label;
    const parts = { run, ready: run.spec.ready, begunAt: run.spec.begun_at ?? now(), environment, cwd, now };
    watchReadiness(parts).catch((error: unknown) => log(`${run.process} is not looked at any more: ${String(error)}`));
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

  /** Begins the run that was asked for, or has it wait for its turn. Nobody else has its name. */
  start(command_id: CommandId, asked: StartRequest, { request, cwd }: Admitted, own: ProcessId | null): Beginning {
    const { processes, now } = this.#parts;
    const { queue } = request;
    const at = now();
    const delayMs = queue?.delay_ms ?? 0;
    const waitingFor = delayMs > 0 ? "delay" : "queue";
    const turn = { due: at + delayMs, order: processes.nextOrder(), waitingFor } as const;
    const waits = queue !== undefined && !this.#hasTurn({ request, phase: { type: "waiting", ...turn } }, own);
    const hindrance = queue === undefined ? this.#findHindrance(own) : null;
    if (hindrance !== null) return { type: "refused", refusal: hindrance };
    if (waits && processes.waiting().length >= maxPendingStarts) return { type: "refused", refusal: fullOfWaiting };
    const { process, run } = processes.give(request.name);
    const words = asked.use === undefined ? {} : { asked };
    const origin = { command_id, asked_at: at, ...words, request, cwd, streak: 0, restarts: 0 };
    const kept: KeptStart = { version: keptVersion, process, run, ...origin, phase: { type: "ended" } };
    return waits ? this.#wait({ ...kept, phase: { type: "waiting", ...turn } }) : this.#begin(kept);
  }

  /** Begins the next run of a process that does not live, as its start asked; at once, also where it waits for its turn. */
  beginNext(kept: KeptStart, command_id: CommandId, { request, cwd }: Admitted): Beginning {
    const { processes, now } = this.#parts;
    const hindrance = this.#findHindrance(kept.process);
    if (hindrance !== null) return { type: "refused", refusal: hindrance };
    const origin = { command_id, asked_at: now(), request, cwd, streak: 0 };
    if (isWaiting(kept)) return this.#begin({ ...kept, ...origin });
    return this.#begin({ ...kept, ...origin, run: processes.giveNext(kept) });
  }

  /** Ends a run that waits; its process's run, or null where none waits. */
  endWaiting(process: ProcessId): number | null {
    const kept = this.#parts.processes.find(process);
    if (kept === null || !isWaiting(kept)) return null;
    this.#fail(kept, "stopped", "It was stopped before it began.");
    return kept.run;
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
        this.#follow(kept, describeEnd(run.end, this.#parts.now()), at);
      } else if (waited) {
        this.#fail(kept, "spawn_failed", "The program that looks after the process did not start.");
      } else {
        this.#end(kept);
      }
    }
    this.look();
  }

  /** Begins every run whose turn it is. */
  look(): void {
    if (this.#isEnding || this.#clock.isClosed) return;
    const { processes, liveRuns, now } = this.#parts;
    const waiters = processes.waiting().map((kept) => waiterOf(kept));
    if (waiters.length === 0) return;
    const live = countLive(liveRuns(), processes, this.#busy(null));
    const { begin, waiting, lookAt } = chooseTurns(waiters, live, this.#places, now());
    for (const { kept, waitingFor } of waiting.map(({ waiter, waitingFor: why }) => ({ ...waiter, waitingFor: why }))) {
      if (kept.phase.waitingFor !== waitingFor) this.#wait({ ...kept, phase: { ...kept.phase, waitingFor } });
    }
    for (const { kept } of begin) this.#beginWaiting(kept);
    this.#clock.wakeIn(lookAt === null ? null : lookAt - now());
    if (this.#places === 0) this.#clock.wakeIn(spoolLookMs);
  }

  close(): void {
    this.#clock.close();
  }

  /** How many processes may live now, as far as those that wait are concerned. */
  get #places(): number {
    return this.#parts.areSpoolsFull() ? 0 : this.#parts.settings.maxLive;
  }

  #findHindrance(own: ProcessId | null): Refusal | null {
    const count = this.#busy(own);
    if (count >= this.#parts.settings.maxLive) return full(count);
    return this.#parts.areSpoolsFull() ? spoolsFull : null;
  }

  /** Runs that live, and processes that are just between two runs. */
  #busy(except: ProcessId | null): number {
    const live = new Set(this.#parts.liveRuns().map(({ process }) => process));
    for (const process of this.holds.processes) live.add(process);
    if (except !== null) live.delete(except);
    return live.size;
  }

  #hasTurn(kept: Pick<WaitingStart, "request" | "phase">, own: ProcessId | null): boolean {
    const { processes, liveRuns, now } = this.#parts;
    const waiter = waiterOf(kept);
    const live = countLive(liveRuns(), processes, this.#busy(own));
    const others = processes.waiting().map((one) => waiterOf(one));
    return chooseTurns([...others, waiter], live, this.#places, now()).begin.includes(waiter);
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
  #begin(kept: KeptStart): Beginning {
    const { settings, processes, launch, now } = this.#parts;
    const begun: KeptStart = { ...kept, phase: { type: "begun", at: now(), waited: isWaiting(kept) } };
    try {
      if (!isWaiting(kept)) processes.put(begun);
      const run = launch(specOf(settings, kept, now()), secretsOf(settings, kept));
      if (run === null) return this.#giveUp(kept, noRoom);
      if (isWaiting(kept)) this.#note(begun);
      this.lookAfter(run, kept);
      return { type: "begun", run };
    } catch (error) {
      this.#giveUp(kept, noRoom);
      throw error;
    }
  }

  #giveUp(kept: KeptStart, refusal: Refusal): Beginning {
    if (isWaiting(kept)) this.#note(kept);
    else this.#end(kept);
    return { type: "refused", refusal };
  }

  #beginWaiting(kept: WaitingStart): void {
    const { settings } = this.#parts;
    const admission = admitStart(settings, askedOf(kept));
    if (admission.type === "refused") {
      const { code, detail } = admission.refusal;
      return this.#fail(kept, code === "denied_by_machine" ? "denied" : "spawn_failed", detail);
    }
    try {
      const { request, cwd } = admission;
      const beginning = this.#begin({ ...kept, request, cwd });
      if (beginning.type === "refused") this.#fail(kept, "spawn_failed", beginning.refusal.detail);
      else if (beginning.type === "begun") void awaitBeginning(beginning.run);
    } catch (error) {
      this.#fail(kept, "spawn_failed", `The run could not be prepared: ${String(error)}`);
    }
  }

  #fail(kept: KeptStart, reason: EndReason, detail: string): void {
    const { tell, now } = this.#parts;
    tell(tellFailed(kept, reason, detail, now()));
    this.#follow(kept, { reason, returncode: null, at: now() }, now());
  }

  /** The run of `kept` ended: the next one waits, or none follows. */
  #follow(kept: KeptStart, end: RunEnd, begunAt: number): void {
    const { processes, tell, now } = this.#parts;
    const isHeld = this.#isEnding || this.holds.has(kept.process);
    const past = { streak: kept.streak, ranMs: end.at - begunAt };
    const follow = isHeld ? null : planRestart(kept.request.restart, end, past, Math.random());
    if (follow === null) return this.#end(kept);
    const { streak, delayMs } = follow;
    const turn = { due: now() + delayMs, order: processes.nextOrder(), waitingFor: "restart" } as const;
    const run = processes.giveNext(kept);
    const next: WaitingStart = {
      ...kept,
      run,
      streak,
      restarts: kept.restarts + 1,
      phase: { type: "waiting", ...turn },
    };
    this.#note(next);
    tell(tellPending(next, "restart", now()));
    this.#clock.wakeIn(delayMs);
  }

  #end(kept: KeptStart): void {
    this.#note({ ...kept, phase: { type: "ended" } });
  }

  /** What is so whether the disk takes it or not. */
  #note(kept: KeptStart): void {
    try {
      this.#parts.processes.put(kept);
    } catch (error) {
      this.#parts.log(`What is known of ${kept.process} could not be written: ${String(error)}`);
    }
  }
}
