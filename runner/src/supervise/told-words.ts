// What the runner itself tells: secrets in its words are masked, with those of the run they are about.

import type { ProcessId } from "@longwire/shared/ids.ts";
import type { PendingApproval } from "@longwire/shared/wire/approvals.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { fileOf } from "../admit/policy.ts";
import { gatherSecrets } from "../redact/gather-secrets.ts";
import { hasWords, redactFact, redactLine } from "../redact/redact-fact.ts";
import { Redaction } from "../redact/redaction.ts";
import type { KeptStart } from "./kept-start.ts";
import { maskedOf } from "./new-run.ts";
import type { StartSettings } from "./start-settings.ts";

export class ToldWords {
  readonly #settings: StartSettings;
  readonly #find: (process: ProcessId) => KeptStart | null;

  /** `find`: how a process was started; null where that is not remembered. */
  constructor(settings: StartSettings, find: (process: ProcessId) => KeptStart | null) {
    this.#settings = settings;
    this.#find = find;
  }

  fact<T extends Fact>(fact: T): T {
    if (!hasWords(fact)) return fact;
    const redaction = this.#redactionOf("process" in fact ? fact.process : undefined);
    return redactFact(fact, (text) => redaction.text(text));
  }

  /** As others than the machine itself are shown them. */
  approvals(items: readonly PendingApproval[]): PendingApproval[] {
    return items.map((item) => {
      const redaction = this.#redactionOf(item.process_id);
      const mask = (text: string): string => redaction.text(text);
      const { program, ready_command: ready } = item;
      return {
        ...item,
        ...redactLine(item, mask),
        program: program === null ? null : mask(program),
        ready_command: ready === null ? null : mask(ready),
      };
    });
  }

  #redactionOf(process: ProcessId | undefined): Redaction {
    const kept = process === undefined ? null : this.#find(process);
    if (kept !== null) return new Redaction(maskedOf(this.#settings, kept));
    const { environment, cwd, policy } = this.#settings;
    return new Redaction(gatherSecrets([environment], cwd, fileOf(policy.current()).redact));
  }
}
