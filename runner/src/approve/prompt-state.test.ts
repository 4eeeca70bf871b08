import fc from "fast-check";
import { expect, test } from "vitest";
import type { ApprovalId } from "@longwire/shared/ids.ts";
import {
  deafMs,
  type PromptEffect,
  type PromptState,
  type PromptStep,
  type Question,
  quietMs,
  stepPrompt,
} from "./prompt-state.ts";

const question = (digit: string, canBeAlways = true): Question => ({ id: digit.repeat(12) as ApprovalId, canBeAlways });
const [one, two] = [question("1"), question("2", false)];

/** Plays inputs at their times; what comes of them. */
function play(...inputs: readonly (readonly [at: number, input: readonly Question[] | string])[]): PromptEffect[] {
  let state: PromptState = { type: "idle" };
  const effects: PromptEffect[] = [];
  for (const [at, input] of inputs) {
    const step: PromptStep =
      typeof input === "string"
        ? stepPrompt(state, { type: "typed", text: input }, at)
        : stepPrompt(state, { type: "asked", questions: input, canShow: true }, at);
    state = step.state;
    if (step.effect !== null) effects.push(step.effect);
  }
  return effects;
}

const shown = { type: "show", id: one.id, others: 0 };
const decided = (decision: string, { id } = one): object => ({ type: "decide", id, decision });

test("[T45] one question stands there at a time, and the others are counted", () => {
  expect(play([0, [one, two]], [10, [one, two]], [deafMs, "o"], [deafMs, [two]], [3 * deafMs, "n"])).toEqual([
    { type: "show", id: one.id, others: 1 },
    decided("once"),
    { type: "show", id: two.id, others: 0 },
    decided("deny", two),
  ]);
});

test("[T45] what is typed before a question stands there, or goes on being typed, is no answer to it", () => {
  expect(play([0, [one]], [deafMs - 1, "o"])).toEqual([shown]);
  expect(play([0, [one]], [deafMs - 1, "x"], [deafMs + 1, "o"])).toEqual([shown]);
  expect(play([0, [one]], [deafMs - 1, "x"], [deafMs - 1 + quietMs, "o"])).toEqual([shown, decided("once")]);
});

test("[T45] only the keys that are named are answers, each by itself", () => {
  for (const text of ["on", "o\n", "\n", "\r", " ", "y", "O", "\u001b[A", "\u001bOo", "\u001b", "aa", ""]) {
    expect([text, play([0, [one]], [deafMs, text], [deafMs + 1, "o"])]).toEqual([text, [shown]]);
  }
  expect(play([0, [one]], [deafMs, "a"])).toEqual([shown, decided("always")]);
  expect(play([0, [two]], [deafMs, "a"])).toHaveLength(1);
  expect(play([0, [one]], [1, "\u0003"])).toEqual([shown, { type: "interrupt" }]);
});

test("[T45] a question that is settled elsewhere goes, and what is typed for it is no answer to the next", () => {
  expect(play([0, [one, two]], [deafMs, [two]], [deafMs, [two]], [deafMs + 1, "o"])).toEqual([
    { type: "show", id: one.id, others: 1 },
    { type: "drop" },
    { type: "show", id: two.id, others: 0 },
  ]);
});

test("[T45] whatever comes, nothing is decided that did not stand there for a while", () => {
  const input = fc.oneof(
    fc.constantFrom("o", "a", "n", "x", "\u001b[A"),
    fc.constantFrom([], [one], [two], [one, two]),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 900 }), input), { maxLength: 20 }), (steps) => {
      let state: PromptState = { type: "idle" };
      let now = 0;
      let standing: { id: string; since: number } | null = null;
      return steps.every(([laterMs, given]) => {
        now += laterMs;
        const step: PromptStep =
          typeof given === "string"
            ? stepPrompt(state, { type: "typed", text: given }, now)
            : stepPrompt(state, { type: "asked", questions: given, canShow: true }, now);
        state = step.state;
        if (step.effect?.type === "show") standing = { id: step.effect.id, since: now };
        if (step.effect?.type !== "decide") return true;
        return standing?.id === step.effect.id && now - standing.since >= deafMs;
      });
    }),
  );
});
