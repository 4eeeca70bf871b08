// What the prompt in the runner's terminal shows, and what a key there means: one question at a time, the oldest first.
// Only a key pressed by itself after the question was there is an answer: what was typed before, what is typed on, a
// paste, and keys that are sent as several characters are passed over.
//
//   idle ──something waits──► deaf ──quiet for a while──► listening ──o, a, n──► (next question, or idle)

import type { ApprovalId } from "@longwire/shared/ids.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";

/** How long a question stands there before a key counts, and how long nothing must have been typed. */
export const deafMs = 700;
export const quietMs = 400;

export interface Question {
  readonly id: ApprovalId;
  readonly canBeAlways: boolean;
}

export type PromptState =
  | { readonly type: "idle" }
  | { readonly type: "shown"; readonly question: Question; readonly deafUntil: number };

export type PromptInput =
  /** What waits now, the oldest first. `canShow`: whether the terminal is this program's to write and read. */
  | { readonly type: "asked"; readonly questions: readonly Question[]; readonly canShow: boolean }
  /** What was read at once. */
  | { readonly type: "typed"; readonly text: string };

export type PromptEffect =
  | { readonly type: "show"; readonly id: ApprovalId; readonly others: number }
  | { readonly type: "decide"; readonly id: ApprovalId; readonly decision: "once" | "always" | "deny" }
  /** The question was settled elsewhere, or cannot be shown any more. */
  | { readonly type: "drop" }
  | { readonly type: "interrupt" };

export interface PromptStep {
  readonly state: PromptState;
  readonly effect: PromptEffect | null;
}

const idle: PromptState = { type: "idle" };
const interruptKey = "\u0003";

/** The state after one input; `now` in milliseconds of a clock that only goes on. */
export function stepPrompt(state: PromptState, input: PromptInput, now: number): PromptStep {
  switch (input.type) {
    case "asked":
      return look(state, input.questions, input.canShow, now);
    case "typed":
      return type(state, input.text, now);
    default:
      return unreachable(input);
  }
}

function look(state: PromptState, questions: readonly Question[], canShow: boolean, now: number): PromptStep {
  if (state.type === "shown") {
    const stays = canShow && questions.some(({ id }) => id === state.question.id);
    return stays ? { state, effect: null } : { state: idle, effect: { type: "drop" } };
  }
  const [question] = questions;
  if (!canShow || question === undefined) return { state, effect: null };
  const effect = { type: "show", id: question.id, others: questions.length - 1 } as const;
  return { state: { type: "shown", question, deafUntil: now + deafMs }, effect };
}

function type(state: PromptState, text: string, now: number): PromptStep {
  if (text.includes(interruptKey)) return { state, effect: { type: "interrupt" } };
  if (state.type === "idle") return { state, effect: null };
  const { question, deafUntil } = state;
  const decision = now < deafUntil ? null : decisionOf(text, question);
  if (decision !== null) return { state: idle, effect: { type: "decide", id: question.id, decision } };
  return { state: { ...state, deafUntil: Math.max(deafUntil, now + quietMs) }, effect: null };
}

function decisionOf(text: string, { canBeAlways }: Question): "once" | "always" | "deny" | null {
  switch (text) {
    case "o":
      return "once";
    case "a":
      return canBeAlways ? "always" : null;
    case "n":
      return "deny";
    default:
      return null;
  }
}
