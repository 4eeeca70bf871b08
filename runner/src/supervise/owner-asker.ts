// Has the owner asked about starts that need it, and hands on what they said. What is asked about is kept as waiting
// before; whatever an earlier runner had asked, and whatever came of that, is asked anew.

import type { Refusal } from "@longwire/shared/errors.ts";
import type { EndReason } from "@longwire/shared/process-state.ts";
import type { Admitted } from "../admit/admission.ts";
import type { ApprovalDesk } from "../approve/approval-desk.ts";
import type { WhatRuns } from "../approve/what-runs.ts";
import { type Clearance, clearStart, whatRunsOf } from "./clear-start.ts";
import type { WaitingStart } from "./kept-start.ts";
import type { StartSettings } from "./start-settings.ts";

export interface OwnerAskerParts {
  readonly settings: StartSettings;
  readonly approvals: ApprovalDesk;
  /** Keeps it as waiting, and tells so. */
  readonly wait: (kept: WaitingStart) => void;
  readonly fail: (kept: WaitingStart, reason: EndReason, detail: string) => void;
}

export class OwnerAsker {
  readonly #parts: OwnerAskerParts;

  constructor(parts: OwnerAskerParts) {
    this.#parts = parts;
  }

  /** Why the owner cannot be asked about a start that needs it; null where they can, or it needs none. */
  findHindrance(admitted: Pick<Admitted, "request" | "cwd" | "asks">): Refusal | null {
    const { approvals, settings } = this.#parts;
    return admitted.asks ? approvals.findHindrance(whatRunsOf(settings, admitted)) : null;
  }

  /** Throws where the disk takes nothing. */
  ask(kept: WaitingStart, what: WhatRuns = whatRunsOf(this.#parts.settings, kept)): void {
    const { approvals, wait } = this.#parts;
    const approval = approvals.newId();
    wait({ ...kept, phase: { ...kept.phase, waitingFor: "approval", approval } });
    const { process, run, command_id, actor } = kept;
    approvals.ask(approval, { process, run, command_id, ...(actor === undefined ? {} : { actor }) }, what);
  }

  /** What to begin `kept` with; null where it cannot begin, which is seen to. Uses up what was approved. */
  clear(kept: WaitingStart): Extract<Clearance<WaitingStart>, { type: "cleared" }> | null {
    const { settings, approvals, fail } = this.#parts;
    const cleared = clearStart(settings, approvals, kept);
    if (cleared.type === "cleared") return cleared;
    if (cleared.type === "refused") fail(kept, cleared.reason, cleared.detail);
    else this.#askAgain(cleared.kept, cleared.what);
    return null;
  }

  /** What cannot be asked about is denied. */
  #askAgain(kept: WaitingStart, what: WhatRuns): void {
    const { approvals, fail } = this.#parts;
    const hindrance = approvals.findHindrance(what);
    if (hindrance !== null) return fail(kept, "denied", hindrance.detail);
    try {
      this.ask(kept, what);
    } catch (error) {
      fail(kept, "spawn_failed", `It could not be asked about: ${String(error)}`);
    }
  }
}
