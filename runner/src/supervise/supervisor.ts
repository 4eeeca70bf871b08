// The machine side as the link and the command line see it: opens the data folder, finds the runs that are there, takes
// commands in. What each of these means is in the files it calls.

import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { ProcessId, SpoolId } from "@longwire/shared/ids.ts";
import { defaultLeaseMs, maxLiveProcesses } from "@longwire/shared/limits.ts";
import type { Command } from "@longwire/shared/wire/commands.ts";
import type { Capabilities } from "@longwire/shared/wire/link.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import { readBootId } from "@longwire/shared/node/process-identity.ts";
import { readRunSpec, type RunSpec } from "../shim/run-spec.ts";
import { CommandDesk } from "./command-desk.ts";
import { CommandJournal } from "./command-journal.ts";
import { openDataFolder, openSocketFolder, type DataFolder } from "./data-folder.ts";
import { type DataLock, takeDataLock } from "@longwire/shared/node/data-lock.ts";
import { carryOutAct } from "./act-commands.ts";
import { carryOutSignal, carryOutStop } from "./end-commands.ts";
import { FollowedRun } from "./followed-run.ts";
import type { FollowedSpool, LiveRunName, MachineSide } from "./followed-spool.ts";
import { installTerminal } from "./install-terminal.ts";
import { installShim, launchShim, type ShimProgram } from "./launch-shim.ts";
import { unsupportedOperation } from "../admit/unsupported.ts";
import { refused, type Outcome } from "./outcome.ts";
import { MachineSpools } from "./machine-spools.ts";
import { openOldSpools, OwnSpool, type OldSpool } from "./own-spool.ts";
import {
  type Register,
  type RegisteredProcess,
  readRegister,
  registerFound,
  registerStart,
  wasGiven,
  writeRegister,
} from "./process-register.ts";
import { createRunFolder, isPrepared, listRunFolders, removeRunFolder, type RunSecrets } from "./run-folder.ts";
import { carryOutStart, describeStart, type StartSettings } from "./start-command.ts";
import { pickSizes, type SupervisorOptions } from "./supervisor-options.ts";
import { findSubreaper } from "./subreaper.ts";
import { Survivors } from "./survivors.ts";

/** How soon a run is let go of that could not be yet: its command has no outcome, or the disk no room. */
const drainAgainMs = 1000;

export class Supervisor implements MachineSide {
  onAppend: (bytes: number) => void = () => {};
  onGone: (spool: SpoolId) => void = () => {};
  readonly #folder: DataFolder;
  readonly #settings: StartSettings;
  readonly #spools: MachineSpools;
  readonly #now: () => number;
  readonly #program: ShimProgram;
  readonly #own: OwnSpool;
  readonly #old = new Map<SpoolId, OldSpool>();
  readonly #runs = new Map<SpoolId, FollowedRun>();
  readonly #journal: CommandJournal;
  readonly #desk: CommandDesk;
  readonly #survivors = new Survivors();
  /** Runs whose end the runner itself told of in an earlier life. */
  readonly #toldOf = new Set<string>();
  readonly #lock: DataLock;
  readonly #log: (text: string) => void;
  #register: Register;
  #closed = false;

  /** Takes the data folder and goes on with what is in it. Throws where another runner uses it. */
  static async open(options: SupervisorOptions): Promise<Supervisor> {
    const dataFolder = openDataFolder(options.dataFolder);
    return new Supervisor(options, dataFolder, await takeDataLock(options.dataFolder));
  }

  private constructor(options: SupervisorOptions, dataFolder: DataFolder, lock: DataLock) {
    this.#folder = dataFolder;
    this.#lock = lock;
    this.#now = options.now ?? Date.now;
    this.#log = options.log ?? (() => {});
    const environment = options.environment ?? process.env;
    const { policy, cwd, leaseMs = defaultLeaseMs, maxLive = maxLiveProcesses } = options;
    const socketFolder = openSocketFolder(process.env);
    this.#settings = {
      ...pickSizes(options),
      policy,
      cwd,
      environment,
      leaseMs,
      maxLive,
      socketFolder,
      boot: readBootId(),
      terminal: installTerminal(this.#folder.shim),
    };
    this.#spools = new MachineSpools({ ...pickSizes(options), runs: () => [...this.#runs.values()] });
    this.#program = {
      file: installShim(options.shimSource ?? fileURLToPath(new URL("./shim.js", import.meta.url)), this.#folder.shim),
      subreaper: findSubreaper(),
    };
    this.#register = readRegister(this.#folder.processes);
    this.#journal = new CommandJournal(this.#folder.commands, this.#now());
    this.#takeOldSpools();
    this.#own = new OwnSpool(this.#folder.spools, () => this.onAppend(Infinity));
    this.#desk = new CommandDesk({
      journal: this.#journal,
      append: (fact) => this.#own.append(fact),
      carryOut: (command) => this.#carryOut(command),
      now: this.#now,
    });
    for (const folder of listRunFolders(this.#folder.runs)) this.#takeRunFolder(folder);
  }

  get capabilities(): Capabilities {
    return { tty: this.#settings.terminal !== null, subreaper: this.#program.subreaper !== null };
  }

  *spools(): Iterable<FollowedSpool> {
    yield* this.#runs.values();
    yield* this.#old.values();
    yield this.#own;
  }

  liveRuns(): readonly LiveRunName[] {
    return this.#live().map(({ process: of, run }) => ({ process: of, run }));
  }

  acknowledged(spool: SpoolId, next: number): void {
    if (spool === this.#own.id) return this.#own.acknowledged(next);
    this.#runs.get(spool)?.acknowledged(next);
    const old = this.#old.get(spool);
    if (old?.acknowledged(next) !== true) return;
    this.#old.delete(spool);
    this.onGone(spool);
    if (old.reader.damaged) this.#own.append({ type: "loss", at: this.#now(), reason: "damaged" });
  }

  dispatch(command: Command, expired: boolean): void {
    this.#desk.dispatch(command, expired);
  }

  /** Stops all that runs, for the end of the runner itself. Resolves when nothing does, or nothing more can be done. */
  async stopAll(graceMs: number): Promise<void> {
    await Promise.all(this.#live().map((run) => run.stop({ signal: "SIGINT", graceMs })));
  }

  /** Lets go of everything; what runs goes on. */
  close(): Promise<void> {
    if (!this.#closed) {
      this.#closed = true;
      this.#spools.close();
      for (const run of this.#runs.values()) run.close();
      for (const spool of this.#old.values()) spool.close();
      this.#desk.close();
      this.#own.close();
      this.#journal.close();
      this.#lock.release();
    }
    return Promise.resolve();
  }

  #live(): FollowedRun[] {
    return [...this.#runs.values()].filter((run) => run.isLive);
  }

  /** Drains what earlier runners left. What they said of commands and runs need not be said again. */
  #takeOldSpools(): void {
    for (const spool of openOldSpools(this.#folder.spools)) {
      this.#old.set(spool.id, spool);
      for (const fact of spool.facts()) {
        if (fact.type === "exited" || fact.type === "failed") this.#toldOf.add(`${fact.process}-${fact.run}`);
        if (fact.type !== "command" || this.#journal.isDone(fact.command_id)) continue;
        this.#journal.settle(fact.command_id, fact.at, fact.code === "runner_timeout");
      }
    }
  }

  #takeRunFolder(folder: string): void {
    if (!isPrepared(folder)) return removeRunFolder(folder);
    const spec = readRunSpec(folder);
    if (spec === null) return this.#log(`${folder} is of another version of the runner; it is left alone.`);
    const { name } = spec.label;
    const found = { process: spec.process, run: spec.run, ...(name === undefined ? {} : { name }) };
    this.#register = registerFound(this.#register, found);
    const run = this.#follow(folder, spec);
    if (!this.#journal.isDone(spec.command_id)) void this.#desk.answer(spec.command_id, describeStart(run));
    run.recover();
  }

  #follow(folder: string, spec: RunSpec): FollowedRun {
    const run = new FollowedRun({
      folder,
      spec,
      boot: this.#settings.boot,
      now: this.#now,
      log: this.#log,
      onAppend: (bytes) => this.onAppend(bytes),
      onDrained: (drained, owed) => this.#onDrained(drained, owed),
    });
    this.#runs.set(run.id, run);
    return run;
  }

  #onDrained(run: FollowedRun, owed: readonly RunFact[]): void {
    if (this.#closed) return;
    // The folder keeps its command from being done twice until the journal does.
    if (this.#desk.isUnderWay(run.spec.command_id) || !this.#journal.flush()) {
      return void setTimeout(() => this.#onDrained(run, owed), drainAgainMs).unref();
    }
    if (!this.#toldOf.has(`${run.process}-${run.run}`)) for (const fact of owed) this.#own.append(fact);
    removeRunFolder(run.folder);
    rmSync(run.spec.socket, { force: true });
    this.#runs.delete(run.id);
    this.onGone(run.id);
  }

  #carryOut({ id, operation }: Command): Promise<Outcome> {
    switch (operation.op) {
      case "start":
        return carryOutStart(
          {
            settings: this.#settings,
            liveRuns: () => this.#live(),
            areSpoolsFull: () => this.#spools.areFull,
            register: (name) => this.#giveProcess(name),
            launch: (spec, secrets) => this.#launch(spec, secrets),
          },
          id,
          operation.request,
        );
      case "stop":
        return carryOutStop(this.#endContext(), id, operation);
      case "signal":
        return carryOutSignal(this.#endContext(), id, operation);
      case "pause":
      case "resume":
      case "input":
      case "resize":
        return carryOutAct(this.#endContext(), id, operation);
      case "restart":
        return Promise.resolve(refused(unsupportedOperation));
      default:
        return unreachable(operation);
    }
  }

  #endContext(): Parameters<typeof carryOutStop>[0] {
    return {
      liveRun: (of) => this.#live().find((run) => run.process === of) ?? null,
      wasGiven: (of: ProcessId) => wasGiven(this.#register, of),
      survivors: this.#survivors,
    };
  }

  #giveProcess(name: string | undefined): RegisteredProcess {
    const [register, given] = registerStart(this.#register, name);
    this.#register = register;
    writeRegister(this.#folder.processes, register);
    return given;
  }

  #launch(spec: RunSpec, secrets: RunSecrets): FollowedRun | null {
    const folder = createRunFolder(this.#folder.runs, spec, secrets);
    const shim = launchShim(this.#program, folder);
    if (shim === null) {
      removeRunFolder(folder);
      return null;
    }
    const run = this.#follow(folder, spec);
    run.attachLaunched(shim);
    return run;
  }
}
