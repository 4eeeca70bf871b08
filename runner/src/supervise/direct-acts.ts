// Carries out what viewers do to runs, each process's in the order it comes. What became of it goes back to who did it;
// nothing of it is kept, so a repeat is the viewer's own to judge.

import type { ProcessId } from "@longwire/shared/ids.ts";
import type { DirectedFrame, DirectFrame } from "@longwire/shared/wire/direct.ts";
import { refused, type Outcome } from "./outcome.ts";
import { Turns } from "./turns.ts";

/** A run that takes nothing has at most so many waiting. */
const maxWaiting = 1000;

export class DirectActs {
  readonly #carryOut: (act: Pick<DirectFrame, "id" | "operation">) => Promise<Outcome>;
  readonly #turns = new Turns<ProcessId>();
  #waiting = 0;

  constructor(carryOut: (act: Pick<DirectFrame, "id" | "operation">) => Promise<Outcome>) {
    this.#carryOut = carryOut;
  }

  async take(frame: DirectFrame): Promise<DirectedFrame> {
    const { code, detail, hint } = this.#waiting < maxWaiting ? await this.#act(frame) : tooMany;
    return { type: "directed", id: frame.id, code, detail, hint };
  }

  async #act(frame: DirectFrame): Promise<Outcome> {
    this.#waiting++;
    try {
      return await this.#turns.take(frame.operation.process, () => this.#carryOut(frame));
    } finally {
      this.#waiting--;
    }
  }
}

const tooMany = refused({ code: "limit_reached", detail: "The machine has more to do for viewers than it can." });
