// Takes commands in and has each carried out at most once; says what became of it, exactly once for each id.

import type { ChainHead } from "@longwire/shared/audit/entry.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { CommandId } from "@longwire/shared/ids.ts";
import { reasonOf } from "@longwire/shared/reason-of.ts";
import type { Command } from "@longwire/shared/wire/commands.ts";
import type { CommandFact } from "@longwire/shared/wire/facts.ts";
import type { CommandJournal } from "./command-journal.ts";
import { refused, type Outcome } from "./outcome.ts";
import type { RunnerAudit } from "./runner-audit.ts";

const tooLate = refused({
  code: "runner_timeout",
  detail: "The command reached the machine after it had expired. Nothing was done.",
  hint: "Send it again.",
});

export interface CommandDeskOptions {
  readonly journal: CommandJournal;
  readonly audit: Pick<RunnerAudit, "received" | "replayed" | "settled">;
  readonly append: (fact: CommandFact) => void;
  readonly carryOut: (command: Command) => Promise<Outcome>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export class CommandDesk {
  readonly #options: CommandDeskOptions;
  #isClosed = false;
  readonly #underWay = new Set<CommandId>();

  constructor(options: CommandDeskOptions) {
    this.#options = options;
  }

  /** `told`: where the control plane's audit stood, as it said with the command. */
  dispatch(command: Command, expired: boolean, told?: ChainHead): void {
    const { journal, audit } = this.#options;
    const { id } = command;
    if (this.#underWay.has(id)) return audit.replayed(command, "under way", told);
    // That it came too late is the one outcome a later repeat of the same id replaces.
    if (journal.isSettled(id) && (expired || !journal.hasExpired(id))) {
      return audit.replayed(command, "has its outcome", told);
    }
    audit.received(command, told);
    if (expired) return this.#settle(id, tooLate, true);
    void this.answer(id, this.#options.carryOut(command));
  }

  /** Refuses an order that is not understood, unless something came of its id before. */
  refuse(id: CommandId, refusal: Refusal): void {
    if (this.#underWay.has(id) || this.#options.journal.isSettled(id)) return;
    this.#settle(id, refused(refusal), false);
  }

  /** Has the outcome of `id` told once it is known. */
  async answer(id: CommandId, outcome: Promise<Outcome>): Promise<void> {
    this.#underWay.add(id);
    this.#settle(id, await outcome.catch(explainFailure), false);
    this.#underWay.delete(id);
  }

  /** Whether `id` is being carried out, or its outcome is about to be told. */
  isUnderWay(id: CommandId): boolean {
    return this.#underWay.has(id);
  }

  /** Nothing more is written: what is still under way is answered by the next runner. */
  close(): void {
    this.#isClosed = true;
  }

  #settle(id: CommandId, outcome: Outcome, expired: boolean): void {
    if (this.#isClosed) return;
    const at = this.#options.now();
    this.#options.audit.settled(id, outcome);
    this.#options.append({ type: "command", at, command_id: id, ...outcome });
    this.#options.journal.settle(id, at, expired);
  }
}

function explainFailure(error: unknown): Outcome {
  const code = (error as NodeJS.ErrnoException | null)?.code;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return refused({
      code: "spool_full",
      detail: "The machine's disk has no room for another run. Nothing was started.",
    });
  }
  const detail = `The runner failed: ${reasonOf(error)}`;
  return refused({ code: "internal", detail });
}
