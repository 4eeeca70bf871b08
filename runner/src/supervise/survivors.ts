// Processes that outlived the stop of their run, so that a later stop of the same process does not claim more than is
// true. Kept in memory only: a runner that is started anew asks the system about ended runs no more.

import type { ProcessId } from "@longwire/shared/ids.ts";
import type { Survivor } from "@longwire/shared/wire/facts.ts";
import { identify, isAlive } from "@longwire/shared/node/process-identity.ts";
import type { StopResult } from "../shim/control-messages.ts";

interface Known extends Survivor {
  readonly started: string;
}

export class Survivors {
  readonly #known = new Map<ProcessId, readonly Known[]>();

  note(process: ProcessId, survivors: readonly Survivor[]): void {
    const known = survivors.flatMap((one) => {
      const identity = identify(one.pid);
      return identity === null ? [] : [{ ...one, started: identity.started }];
    });
    if (known.length === 0) this.#known.delete(process);
    else this.#known.set(process, known);
  }

  /** What a stop of the ended `process` would find now. */
  of(process: ProcessId): StopResult {
    const survivors = (this.#known.get(process) ?? []).filter((one) => isAlive(one));
    return {
      stopped: survivors.length === 0,
      survivors: survivors.map(({ pid, command, ports }) => ({ pid, command, ports })),
    };
  }
}
