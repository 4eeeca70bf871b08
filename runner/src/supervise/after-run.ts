// What follows the end of a run: another one, as its policy says, or nothing. What is decided is in
// `restart-policy.ts`; this keeps it and tells it.

import type { ProcessId } from "@longwire/shared/ids.ts";
import type { EndReason } from "@longwire/shared/process-state.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import type { KeptStart, RunEnd, WaitingStart } from "./kept-start.ts";
import type { Processes } from "./processes.ts";
import { planRestart } from "./restart-policy.ts";
import { tellFailed, tellPending } from "./tell-waiting.ts";

export interface AfterRunParts {
  readonly processes: Processes;
  readonly tell: (fact: RunFact) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly log: (text: string) => void;
  /** Whether no run may follow by itself: somebody sees to that, or the runner ends. */
  readonly isHeld: (process: ProcessId) => boolean;
  /** Has the processes that wait looked at in that time. */
  readonly wakeIn: (delayMs: number) => void;
}

export class AfterRun {
  readonly #parts: AfterRunParts;

  constructor(parts: AfterRunParts) {
    this.#parts = parts;
  }

  /** A run that waited does not begin. */
  fail(kept: KeptStart, reason: EndReason, detail: string): void {
    const { tell, now } = this.#parts;
    tell(tellFailed(kept, reason, detail, now()));
    this.follow(kept, { reason, returncode: null, at: now() }, now());
  }

  /** The run of `kept` ended: the next one waits, or none follows. */
  follow(kept: KeptStart, end: RunEnd, begunAt: number): void {
    const { processes, tell, now, isHeld, wakeIn } = this.#parts;
    const past = { streak: kept.streak, ranMs: end.at - begunAt };
    const follow = isHeld(kept.process) ? null : planRestart(kept.request.restart, end, past, Math.random());
    if (follow === null) return this.end(kept, end);
    const { streak, delayMs } = follow;
    const turn = { due: now() + delayMs, order: processes.nextOrder(), waitingFor: "restart" } as const;
    const run = processes.giveNext(kept);
    const next: WaitingStart = {
      ...kept,
      run,
      streak,
      restarts: kept.restarts + 1,
      phase: { type: "waiting", ...turn },
    };
    this.note(next);
    tell(tellPending(next, "restart", now()));
    wakeIn(delayMs);
  }

  end(kept: KeptStart, end?: RunEnd): void {
    this.note({ ...kept, phase: { type: "ended", ...(end === undefined ? {} : { end }) } });
    // Somebody may have needed it.
    this.#parts.wakeIn(0);
  }

  /** What is so whether the disk takes it or not. */
  note(kept: KeptStart): void {
    try {
      this.#parts.processes.put(kept);
    } catch (error) {
      this.#parts.log(`What is known of ${kept.process} could not be written: ${String(error)}`);
    }
  }
}
