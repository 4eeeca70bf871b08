// Answers by command id: a command that comes again, over a new connection or from a new runner, is not done again.

import type { CommandId } from "@longwire/shared/ids.ts";

/** A repeat follows its first within the command's expiry; far fewer than this come meanwhile. */
const maxRemembered = 1000;

export class AskedOnce<Answer> {
  readonly #answers = new Map<CommandId, Answer>();

  /** The answer `id` got before, or else what `act` gives now. */
  answer(id: CommandId, act: () => Answer): Answer {
    const before = this.#answers.get(id);
    if (before !== undefined) return before;
    const answer = act();
    this.#answers.set(id, answer);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > maxRemembered && oldest !== undefined) this.#answers.delete(oldest);
    return answer;
  }
}
