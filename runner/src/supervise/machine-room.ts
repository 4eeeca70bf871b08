// How many processes the machine has room for, and whose turn it is to have a place.

import type { Refusal } from "@longwire/shared/errors.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import type { FollowedRun } from "./followed-run.ts";
import type { Holds } from "./holds.ts";
import type { WaitingStart } from "./kept-start.ts";
import { full, spoolsFull } from "./no-room.ts";
import type { Processes } from "./processes.ts";
import { chooseTurns, type Turns, type Waiter } from "./start-queue.ts";
import type { StartSettings } from "./start-settings.ts";
import { countLive, waiterOf } from "./turn-clock.ts";

export interface RoomParts {
  readonly settings: StartSettings;
  readonly processes: Processes;
  readonly liveRuns: () => readonly FollowedRun[];
  /** Whether what is not delivered yet leaves no room for another run's output. */
  readonly areSpoolsFull: () => boolean;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** How soon spools that were full may have room. */
const spoolLookMs = 1000;

export class MachineRoom {
  readonly #parts: RoomParts;
  readonly #holds: Holds;

  constructor(parts: RoomParts, holds: Holds) {
    this.#parts = parts;
    this.#holds = holds;
  }

  /** How many processes may live now, as far as those that wait are concerned. */
  get places(): number {
    return this.#parts.areSpoolsFull() ? 0 : this.#parts.settings.maxLive;
  }

  /** When to look again whether there is room; null: not before a run ends. */
  get lookAgainMs(): number | null {
    return this.places === 0 ? spoolLookMs : null;
  }

  /** Why no further process may live beside those other than `own`; null where one may. */
  findHindrance(own: ProcessId | null): Refusal | null {
    const count = this.#busy(own);
    if (count >= this.#parts.settings.maxLive) return full(count);
    return this.#parts.areSpoolsFull() ? spoolsFull : null;
  }

  choose(waiting: readonly WaitingStart[]): Turns<Waiter & { readonly kept: WaitingStart }> {
    return this.#choose(
      waiting.map((kept) => waiterOf(kept)),
      null,
    );
  }

  /** Whether it would begin at once beside those that wait. */
  hasTurn(
    kept: Pick<WaitingStart, "request" | "phase">,
    waiting: readonly WaitingStart[],
    own: ProcessId | null,
  ): boolean {
    const waiter: Waiter = waiterOf(kept);
    const others: Waiter[] = waiting.map((one) => waiterOf(one));
    return this.#choose([...others, waiter], own).begin.includes(waiter);
  }

  #choose<T extends Waiter>(waiters: readonly T[], own: ProcessId | null): Turns<T> {
    const { liveRuns, processes, now } = this.#parts;
    return chooseTurns(waiters, countLive(liveRuns(), processes, this.#busy(own)), this.places, now());
  }

  /** Runs that live, and processes that are just between two runs. */
  #busy(except: ProcessId | null): number {
    const live = new Set(this.#parts.liveRuns().map(({ process }) => process));
    for (const process of this.#holds.processes) live.add(process);
    if (except !== null) live.delete(except);
    return live.size;
  }
}
