// Looks how much the spools of a machine's runs hold, and hands each live run its bound by that.

import { machineSpoolBytes as defaultMachineBytes } from "@longwire/shared/limits.ts";
import { measureSegments } from "../spool/segments.ts";
import type { FollowedRun } from "./followed-run.ts";
import type { StartSettings } from "./start-settings.ts";
import { areSpoolsFull, shareSpoolBytes, type SpoolBounds } from "./spool-quotas.ts";

const everyMs = 1000;

export interface MachineSpoolsOptions {
  readonly runs: () => readonly FollowedRun[];
  /** Read anew each time: the owner may change them. */
  readonly settings: Pick<StartSettings, "spoolBytes" | "machineSpoolBytes">;
}

export class MachineSpools {
  readonly #runs: () => readonly FollowedRun[];
  readonly #settings: MachineSpoolsOptions["settings"];
  readonly #timer: NodeJS.Timeout;

  constructor({ runs, settings }: MachineSpoolsOptions) {
    this.#runs = runs;
    this.#settings = settings;
    this.#timer = setInterval(() => this.#handOut(), everyMs).unref();
  }

  get #bounds(): SpoolBounds {
    const { spoolBytes, machineSpoolBytes = defaultMachineBytes } = this.#settings;
    return { runBytes: spoolBytes, machineBytes: machineSpoolBytes };
  }

  get areFull(): boolean {
    return areSpoolsFull(this.#look(), this.#bounds);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #handOut(): void {
    for (const [{ run }, bytes] of shareSpoolBytes(this.#look(), this.#bounds)) run.setSpoolBytes(bytes);
  }

  #look(): { readonly run: FollowedRun; readonly heldBytes: number; readonly isLive: boolean }[] {
    return this.#runs().map((run) => ({ run, heldBytes: measureSegments(run.folder), isLive: run.isLive }));
  }
}
