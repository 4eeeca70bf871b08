// Processes that are between two runs because somebody asked for that: one such change of a process at a time, and
// meanwhile its name and its place on the machine are kept for it.

import type { ProcessId } from "@longwire/shared/ids.ts";
import { Turns } from "./turns.ts";

export interface Hold {
  /** Somebody asked that the process be stopped: it is not begun again. */
  isCancelled: boolean;
}

export class Holds {
  readonly #held = new Map<ProcessId, Hold>();
  readonly #turns = new Turns<ProcessId>();

  has(process: ProcessId): boolean {
    return this.#held.has(process);
  }

  get processes(): Iterable<ProcessId> {
    return this.#held.keys();
  }

  cancel(process: ProcessId): void {
    const hold = this.#held.get(process);
    if (hold !== undefined) hold.isCancelled = true;
  }

  /** Does `change` once no other change of the process is under way. */
  inTurn<T>(process: ProcessId, change: (hold: Hold) => Promise<T>): Promise<T> {
    return this.#turns.take(process, async () => {
      const hold: Hold = { isCancelled: false };
      this.#held.set(process, hold);
      try {
        return await change(hold);
      } finally {
        this.#held.delete(process);
      }
    });
  }
}
