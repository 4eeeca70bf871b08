// Answers to the runner's batches, held back where a flood has gone on for a while. The runtime takes what one socket
// has ready before it looks at what came on all others, and with the next batch always there it never would: requests,
// keys, other machines' batches and timers would wait for a pause in the flood. A timer fires only after it has looked;
// while the answers wait for one, the runner's window runs dry.

import { floodTurnMs } from "@longwire/shared/limits.ts";

export class PacedAnswers {
  readonly #afterLook: (then: () => void) => void;
  #held: (() => void)[] = [];
  /** When the first answer since the last look was given; null where none was. */
  #since: number | null = null;

  /** `afterLook` calls `then` once the runtime has looked at all sockets. */
  constructor(afterLook = (then: () => void): void => void setTimeout(then, 0)) {
    this.#afterLook = afterLook;
  }

  /** Calls `say`, now or soon, in the order of the calls. `now`: milliseconds. */
  give(say: () => void, now: number): void {
    this.#since ??= now;
    if (this.#held.length === 0 && now - this.#since < floodTurnMs) return say();
    this.#held.push(say);
    if (this.#held.length === 1) this.#afterLook(() => this.#release());
  }

  #release(): void {
    const held = this.#held;
    this.#held = [];
    this.#since = null;
    for (const say of held) say();
  }
}
