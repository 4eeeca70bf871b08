// What the runner is asked and nobody stores: questions that are on their way, by their id. They are kept in memory
// only; who asks hears that there is no answer, and asks again if it still matters.

import { answerWithinMs } from "@longwire/shared/limits.ts";
import type { Inquiry, Question, RunnerAnswer } from "@longwire/shared/wire/questions.ts";

/** `silent`: the runner is there and did not answer in time, or went away meanwhile. */
export type Answered =
  | { readonly type: "answered"; readonly answer: RunnerAnswer }
  | { readonly type: "offline" }
  | { readonly type: "silent" };

const maxQuestions = 1000;

export class Questions {
  readonly #pending = new Map<string, (answered: Answered) => void>();

  /** `send` gives the question to the runner; null while there is none. */
  ask(inquiry: Inquiry, send: ((question: Question) => void) | null): Promise<Answered> {
    if (send === null) return Promise.resolve({ type: "offline" });
    if (this.#pending.size >= maxQuestions) return Promise.resolve({ type: "silent" });
    const id = crypto.randomUUID();
    const waitMs = answerWithinMs + (inquiry.type === "await_port" ? inquiry.wait_ms : 0);
    return new Promise((resolve) => {
      const finish = (answered: Answered): void => {
        clearTimeout(timer);
        this.#pending.delete(id);
        resolve(answered);
      };
      const timer = setTimeout(() => finish({ type: "silent" }), waitMs);
      this.#pending.set(id, finish);
      send({ ...inquiry, id });
    });
  }

  /** The runner answered; what nobody waits for any more is passed over. */
  take(answer: RunnerAnswer): void {
    this.#pending.get(answer.id)?.({ type: "answered", answer });
  }

  /** The runner that was asked is gone. */
  drop(): void {
    for (const finish of this.#pending.values()) finish({ type: "silent" });
  }
}
