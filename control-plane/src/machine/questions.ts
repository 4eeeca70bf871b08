// What the runner is asked, or told to do at once, and nobody stores: what is on its way, by its id. It is kept in memory
// only; who asks hears that there is no answer, and asks again if it still matters.

import type { CommandId } from "@longwire/shared/ids.ts";
import { answerWithinMs } from "@longwire/shared/limits.ts";
import type { DirectedFrame, DirectFrame } from "@longwire/shared/wire/direct.ts";
import type { Inquiry, Question, RunnerAnswer } from "@longwire/shared/wire/questions.ts";

export type Asking = Inquiry | Omit<DirectFrame, "id">;
export type Asked = Question | DirectFrame;
export type RunnerReply = RunnerAnswer | DirectedFrame;

/** `silent`: the runner is there and did not answer in time, or went away meanwhile. */
export type Answered =
  | { readonly type: "answered"; readonly answer: RunnerReply }
  | { readonly type: "offline" }
  | { readonly type: "silent" };

const maxQuestions = 1000;

export class Questions {
  readonly #pending = new Map<string, (answered: Answered) => void>();

  /** `send` gives the question to the runner; null while there is none. */
  ask(inquiry: Asking, send: ((question: Asked) => void) | null): Promise<Answered> {
    if (send === null) return Promise.resolve({ type: "offline" });
    if (this.#pending.size >= maxQuestions) return Promise.resolve({ type: "silent" });
    const id = crypto.randomUUID().replaceAll("-", "") as CommandId;
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
  take(answer: RunnerReply): void {
    this.#pending.get(answer.id)?.({ type: "answered", answer });
  }

  /** The runner that was asked is gone. */
  drop(): void {
    for (const finish of this.#pending.values()) finish({ type: "silent" });
  }
}
