// Looks how much the spools of a machine's runs hold, and hands each live run its bound by that.

import { machineSpoolBytes, spoolBytes } from "@longwire/shared/limits.ts";
import { measureSegments } from "../spool/segments.ts";
import type { FollowedRun } from "./followed-run.ts";
import { areSpoolsFull, shareSpoolBytes, type SpoolBounds } from "./spool-quotas.ts";

const everyMs = 1000;

export interface MachineSpoolsOptions {
  readonly runs: () => readonly FollowedRun[];
  readonly spoolBytes?: number;
  readonly machineSpoolBytes?: number;
}

export class MachineSpools {
  readonly #runs: () => readonly FollowedRun[];
  readonly #bounds: SpoolBounds;
  readonly #timer: NodeJS.Timeout;

  constructor({ runs, ...sizes }: MachineSpoolsOptions) {
    this.#runs = runs;
    this.#bounds = {
      runBytes: sizes.spoolBytes ?? spoolBytes,
      machineBytes: sizes.machineSpoolBytes ?? machineSpoolBytes,
    };
    this.#timer = setInterval(() => this.#handOut(), everyMs).unref();
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
