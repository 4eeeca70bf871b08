// The runs this runner follows: those it launched and those it found on disk.

import { rmSync } from "node:fs";
import type { ProcessId, SpoolId } from "@longwire/shared/ids.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import { takeClaim } from "../shim/claim.ts";
import type { RunSecrets } from "../shim/run-secrets.ts";
import { readRunSpec, type RunSpec } from "../shim/run-spec.ts";
import { FollowedRun } from "./followed-run.ts";
import type { FollowedRunOptions } from "./followed-run-options.ts";
import { launchShim, type ShimProgram } from "./launch-shim.ts";
import { createRunFolder, isPrepared, listRunFolders, removeRunFolder } from "./run-folder.ts";

/** How soon a run is let go of that could not be yet: its command has no outcome, or the disk no room. */
const dropAgainMs = 1000;

export interface FollowedRunsParts extends Pick<FollowedRunOptions, "boot" | "now" | "log" | "onAppend"> {
  readonly folder: string;
  readonly program: ShimProgram;
  /** A run was launched. */
  readonly onLaunched: (run: FollowedRun) => void;
  readonly onOver: (run: FollowedRun) => void;
  /** All it told is acknowledged. `owed`: what the runner has to say of it. False: its folder must stay for now. */
  readonly onDrained: (run: FollowedRun, owed: readonly RunFact[]) => boolean;
  readonly onGone: (spool: SpoolId) => void;
  readonly tell: (fact: RunFact) => void;
}

export class FollowedRuns {
  readonly #parts: FollowedRunsParts;
  readonly #runs = new Map<SpoolId, FollowedRun>();
  readonly #onDrained = new Map<ProcessId, (() => void)[]>();
  #isClosed = false;

  constructor(parts: FollowedRunsParts) {
    this.#parts = parts;
  }

  all(): Iterable<FollowedRun> {
    return this.#runs.values();
  }

  live(): FollowedRun[] {
    return [...this.#runs.values()].filter((run) => run.isLive);
  }

  liveOf(process: ProcessId): FollowedRun | null {
    return this.live().find((run) => run.process === process) ?? null;
  }

  acknowledged(spool: SpoolId, next: number): void {
    this.#runs.get(spool)?.acknowledged(next);
  }

  /**
   * Goes on with the runs an earlier runner left. `waits`: whether a run waits for its turn still; where its shim did
   * not claim it, it goes on waiting. `onFound`: told of each run before it is looked into.
   */
  takeFolders(waits: (spec: RunSpec) => boolean, onFound: (run: FollowedRun) => void): void {
    for (const folder of listRunFolders(this.#parts.folder)) {
      const spec = isPrepared(folder) ? readRunSpec(folder) : undefined;
      if (spec === null) this.#parts.log(`${folder} is of another version of the runner; it is left alone.`);
      if (spec === undefined || (spec !== null && waits(spec) && takeClaim(folder, "runner"))) removeRunFolder(folder);
      else if (spec !== null) {
        const run = this.#follow(folder, spec);
        onFound(run);
        run.recover();
      }
    }
  }

  /** Makes the folder and launches the shim. Null: the system has no room for it, and nothing is left. */
  launch(spec: RunSpec, secrets: RunSecrets): FollowedRun | null {
    const folder = createRunFolder(this.#parts.folder, spec);
    const shim = launchShim(this.#parts.program, folder, secrets);
    if (shim === null) {
      removeRunFolder(folder);
      return null;
    }
    const run = this.#follow(folder, spec);
    run.attachLaunched(shim);
    this.#parts.onLaunched(run);
    return run;
  }

  /** Resolves when nothing of the process's runs is left to be acknowledged. */
  async drained(process: ProcessId): Promise<void> {
    while ([...this.#runs.values()].some((run) => run.process === process)) {
      await new Promise<void>((resolve) => {
        this.#onDrained.set(process, [...(this.#onDrained.get(process) ?? []), resolve]);
      });
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const run of this.#runs.values()) run.close();
  }

  #follow(folder: string, spec: RunSpec): FollowedRun {
    const { boot, now, log, onAppend, onOver, tell } = this.#parts;
    const onDrained = (drained: FollowedRun, owed: readonly RunFact[]): void => this.#drop(drained, owed);
    const run = new FollowedRun({ folder, spec, boot, now, log, onAppend, tell, onDrained });
    this.#runs.set(run.id, run);
    void run.over.then(() => {
      if (!this.#isClosed) onOver(run);
    });
    return run;
  }

  #drop(run: FollowedRun, owed: readonly RunFact[]): void {
    if (this.#isClosed) return;
    if (!this.#parts.onDrained(run, owed)) return void setTimeout(() => this.#drop(run, owed), dropAgainMs).unref();
    removeRunFolder(run.folder);
    rmSync(run.spec.socket, { force: true });
    this.#runs.delete(run.id);
    this.#parts.onGone(run.id);
    const waiting = this.#onDrained.get(run.process) ?? [];
    this.#onDrained.delete(run.process);
    for (const resolve of waiting) resolve();
  }
}
