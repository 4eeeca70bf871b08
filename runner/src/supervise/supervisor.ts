// The machine side as the link and the command line see it: opens the data folder, finds the runs that are there, takes
// commands in. What each of these means is in the files it calls.

import { uptime } from "node:os";
import { fileURLToPath } from "node:url";
import type { ProcessId, SpoolId } from "@longwire/shared/ids.ts";
import { commandMemoryMs, maxOwedEvents } from "@longwire/shared/limits.ts";
import type { Command } from "@longwire/shared/wire/commands.ts";
import type { Capabilities } from "@longwire/shared/wire/link.ts";
import type { DirectedFrame, DirectFrame } from "@longwire/shared/wire/direct.ts";
import type { Question, RunnerAnswer } from "@longwire/shared/wire/questions.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import { type DataLock, takeDataLock } from "@longwire/shared/node/data-lock.ts";
import { readBootId } from "@longwire/shared/node/process-identity.ts";
import { ApprovalDesk } from "../approve/approval-desk.ts";
import { carryOut, type CommandContext } from "./carry-out.ts";
import { CommandDesk } from "./command-desk.ts";
import { CommandJournal } from "./command-journal.ts";
import { DirectActs } from "./direct-acts.ts";
import { openDataFolder, openSocketFolder, type DataFolder } from "./data-folder.ts";
import type { FollowedRun } from "./followed-run.ts";
import { FollowedRuns } from "./followed-runs.ts";
import type { FollowedSpool, LiveRunName, MachineSide } from "./followed-spool.ts";
import { isWaiting } from "./kept-start.ts";
import { installTerminal } from "./install-terminal.ts";
import { installShim, type ShimProgram } from "./launch-shim.ts";
import { MachineSpools } from "./machine-spools.ts";
import { MachineMetrics } from "./metrics/machine-metrics.ts";
import { done } from "./outcome.ts";
import { OutputWatches } from "./output-watches.ts";
import { openOldSpools, OwnSpool, type OldSpool } from "./own-spool.ts";
import { ProcessKeeper } from "./process-keeper.ts";
import { Processes } from "./processes.ts";
import { launchAudited } from "./launch-audited.ts";
import { RunnerAudit } from "./runner-audit.ts";
import { describeStart } from "./start-command.ts";
import type { StartSettings } from "./start-settings.ts";
import { nobody, settingsOf, type SupervisorOptions } from "./supervisor-options.ts";
import { findSubreaper } from "./subreaper.ts";
import { Survivors } from "./survivors.ts";
import { ToldFacts } from "./told-facts.ts";
import { ToldWords } from "./told-words.ts";

export class Supervisor implements MachineSide {
  onAppend: (bytes: number) => void = () => {};
  onGone: (spool: SpoolId) => void = () => {};
  readonly audit: RunnerAudit;
  readonly #folder: DataFolder;
  readonly #spools: MachineSpools;
  readonly #now: () => number;
  readonly #program: ShimProgram;
  readonly #own: OwnSpool;
  readonly #old = new Map<SpoolId, OldSpool>();
  readonly #told = new ToldFacts();
  readonly #runs: FollowedRuns;
  readonly #keeper: ProcessKeeper;
  readonly #journal: CommandJournal;
  readonly #desk: CommandDesk;
  readonly #survivors = new Survivors();
  readonly #directs = new DirectActs((act) => carryOut(this.#commands, act));
  readonly #metrics: MachineMetrics;
  readonly #watches: OutputWatches;
  readonly #settings: StartSettings;
  readonly #words: ToldWords;
  readonly #lock: DataLock;
  /** What waits for the machine's owner. */
  readonly approvals: ApprovalDesk;
  #closed = false;

  /** Takes the data folder and goes on with what is in it. Throws where another runner uses it. */
  static async open(options: SupervisorOptions): Promise<Supervisor> {
    const dataFolder = openDataFolder(options.dataFolder);
    return new Supervisor(options, dataFolder, await takeDataLock(options.dataFolder));
  }

  private constructor(options: SupervisorOptions, dataFolder: DataFolder, lock: DataLock) {
    this.#folder = dataFolder;
    this.#lock = lock;
    const now = (this.#now = options.now ?? Date.now);
    const log = options.log ?? (() => {});
    const environment = options.environment ?? process.env;
    const socketFolder = openSocketFolder(process.env);
    const boot = readBootId();
    const terminal = installTerminal(this.#folder.shim);
    this.#settings = settingsOf(options, { environment, socketFolder, boot, terminal });
    this.#words = new ToldWords(this.#settings, (of) => this.#keeper.processes.find(of));
    this.#spools = new MachineSpools({ settings: this.#settings, runs: () => [...this.#runs.all()] });
    this.#program = {
      file: installShim(options.shimSource ?? fileURLToPath(new URL("./shim.js", import.meta.url)), this.#folder.shim),
      subreaper: findSubreaper(),
    };
    this.audit = new RunnerAudit({ folder: this.#folder.audit, now, log });
    this.#journal = new CommandJournal(this.#folder.commands, now());
    this.#takeOldSpools();
    this.#own = new OwnSpool(this.#folder.spools, () => this.onAppend(Infinity));
    const tell = (fact: RunFact): void => this.#tell(fact);
    this.#runs = new FollowedRuns({
      folder: this.#folder.runs,
      program: this.#program,
      boot,
      now,
      log,
      tell,
      onAppend: (bytes) => this.onAppend(bytes),
      onLaunched: (run) => this.#watches.add(run),
      onOver: (run) => this.#keeper.onOver(run),
      onDrained: (run, owed) => {
        // What webhooks look for in it is searched to the end first.
        if (this.#watches.isSearching(run)) return false;
        // The folder keeps its command from being done twice until the journal does.
        if (this.#desk.isUnderWay(run.spec.command_id) || !this.#journal.flush()) return false;
        if (!this.#told.hasEnd(run.process, run.run)) for (const fact of owed) tell(fact);
        // What a disk that is full did not take, the next runner can only find out from the folder.
        return this.#own.isStored;
      },
      onGone: (spool) => this.onGone(spool),
    });
    this.approvals = new ApprovalDesk({
      policy: options.policy,
      owner: options.owner ?? nobody,
      uptimeMs: options.uptimeMs ?? (() => uptime() * 1000),
      tell,
      now,
      onGranted: () => this.#keeper.look(),
      onRefused: (of, detail) => this.#keeper.deny(of, detail),
    });
    this.#keeper = new ProcessKeeper({
      approvals: this.approvals,
      settings: this.#settings,
      processes: new Processes(this.#folder.processes, this.#folder.starts),
      liveRuns: () => this.#runs.live(),
      areSpoolsFull: () => this.#spools.areFull,
      launch: (spec, secrets) => launchAudited(this.audit, spec, secrets, () => this.#runs.launch(spec, secrets)),
      tell,
      now,
      log,
    });
    this.#desk = new CommandDesk({
      journal: this.#journal,
      audit: this.audit,
      append: (fact) => this.#own.append(this.#words.fact(fact)),
      carryOut: (command) => carryOut(this.#commands, command),
      now,
    });
    this.#metrics = new MachineMetrics({ liveRuns: () => this.#runs.live(), now });
    this.#watches = new OutputWatches({
      runs: () => this.#runs.all(),
      tell: (match) => this.#own.append(match),
      hasRoom: () => this.#own.waiting < maxOwedEvents,
      now,
      log,
    });
    this.#resume();
  }

  get capabilities(): Capabilities {
    return { tty: this.#settings.terminal !== null, subreaper: this.#program.subreaper !== null };
  }

  *spools(): Iterable<FollowedSpool> {
    yield* this.#runs.all();
    yield* this.#old.values();
    yield this.#own;
  }

  liveRuns(): readonly LiveRunName[] {
    const name = ({ process: of, run }: LiveRunName): LiveRunName => ({ process: of, run });
    return [...this.#runs.live(), ...this.#keeper.processes.waiting()].map((one) => name(one));
  }

  askedAfter(runs: readonly LiveRunName[]): void {
    const known = new Set([...this.#runs.all(), ...this.#keeper.processes.waiting()].map((one) => nameOf(one)));
    const lost = { returncode: null, signal: null, reason: "shim_lost" } as const;
    for (const { process: of, run } of runs) {
      if (known.has(nameOf({ process: of, run }))) continue;
      this.#tell({ type: "exited", at: this.#now(), process: of, run, ...lost });
    }
  }

  acknowledged(spool: SpoolId, next: number): void {
    if (spool === this.#own.id) return this.#own.acknowledged(next);
    this.#runs.acknowledged(spool, next);
    const old = this.#old.get(spool);
    if (old?.acknowledged(next) !== true) return;
    this.#old.delete(spool);
    this.onGone(spool);
    if (old.reader.damaged) this.#own.append({ type: "loss", at: this.#now(), reason: "damaged" });
  }

  readonly dispatch: MachineSide["dispatch"] = (...order) => this.#desk.dispatch(...order);
  readonly refuse: MachineSide["refuse"] = (...order) => this.#desk.refuse(...order);

  readonly watchOutput: MachineSide["watchOutput"] = (...asked) => this.#watches.set(...asked);

  direct(frame: DirectFrame): Promise<DirectedFrame> {
    return this.#directs.take(frame);
  }

  answer(question: Question): Promise<RunnerAnswer> {
    if (question.type !== "list_approvals") return this.#metrics.answer(question);
    return Promise.resolve({ type: "approvals", id: question.id, items: this.#words.approvals(this.approvals.list()) });
  }

  /** Stops all that runs or waits, for the end of the runner itself. Resolves when nothing does, or nothing more can be done. */
  async stopAll(graceMs: number): Promise<void> {
    this.#keeper.endAll();
    await Promise.all(this.#runs.live().map((run) => run.stop({ signal: "SIGINT", graceMs })));
  }

  /** Lets go of everything; what runs goes on. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#spools.close();
      this.#metrics.close();
      this.#watches.close();
      this.#keeper.close();
      this.approvals.close();
      this.#runs.close();
      for (const spool of this.#old.values()) spool.close();
      this.#desk.close();
      this.#own.close();
      this.#journal.close();
      this.audit.close();
      this.#lock.release();
    }
    return Promise.resolve();
  }

  #tell(fact: RunFact): void {
    if (this.#closed || this.#told.has(fact)) return;
    this.#told.note(fact);
    this.#own.append(this.#words.fact(fact));
  }

  /** Drains what earlier runners left. What they said of commands and runs need not be said again. */
  #takeOldSpools(): void {
    for (const spool of openOldSpools(this.#folder.spools)) {
      this.#old.set(spool.id, spool);
      for (const fact of spool.facts()) {
        this.#told.note(fact);
        if (fact.type !== "command" || this.#journal.isDone(fact.command_id)) continue;
        this.#journal.settle(fact.command_id, fact.at, fact.code === "runner_timeout");
      }
    }
  }

  /** Goes on with what an earlier runner left, and answers what it did not come to answer. */
  #resume(): void {
    const { processes } = this.#keeper;
    const waits = (of: ProcessId, run: number): boolean => {
      const kept = processes.find(of);
      return kept !== null && kept.run === run && isWaiting(kept);
    };
    this.#runs.takeFolders(
      (spec) => waits(spec.process, spec.run),
      (run) => this.#takeRun(run),
    );
    for (const { process: of, run, command_id: id, asked_at: at } of processes.waiting()) {
      if (this.#isOwed(id, at)) void this.#desk.answer(id, Promise.resolve(done({ process: of, run })));
    }
    this.#keeper.resume();
  }

  #takeRun(run: FollowedRun): void {
    const { label, command_id: id } = run.spec;
    const { processes } = this.#keeper;
    processes.found({ process: run.process, run: run.run, ...(label.name === undefined ? {} : { name: label.name }) });
    const kept = processes.find(run.process);
    if (kept?.run === run.run) {
      this.#keeper.noteBegun(kept);
      this.#keeper.lookAfter(run, kept);
    }
    if (this.#isOwed(id, kept?.run === run.run ? kept.asked_at : this.#now())) {
      void this.#desk.answer(id, describeStart(run));
    }
  }

  /** Whether nobody said yet what became of a command. After a day nobody asks, and nobody knows. */
  #isOwed(id: Command["id"], askedAt: number): boolean {
    return !this.#journal.isDone(id) && this.#now() - askedAt < commandMemoryMs;
  }

  get #commands(): CommandContext {
    return {
      settings: this.#settings,
      keeper: this.#keeper,
      approvals: this.approvals,
      survivors: this.#survivors,
      liveRun: (of) => this.#runs.liveOf(of),
      wasGiven: (of) => this.#keeper.processes.wasGiven(of),
      drained: (of) => this.#runs.drained(of),
      tell: (fact) => this.#tell(fact),
      now: this.#now,
    };
  }
}

const nameOf = ({ process: of, run }: LiveRunName): string => `${of}-${run}`;
