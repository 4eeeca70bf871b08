// Facts that carry words: which of them are masked. Names and tags are their giver's own labels and stay.

import { maxDetailLength } from "@longwire/shared/limits.ts";
import type { CommandFact, Fact, RunLabel, Survivor } from "@longwire/shared/wire/facts.ts";

/** Masks one text. */
export type MaskText = (text: string) => string;

/** `label` as it is shown. */
export function redactLabel(label: RunLabel, mask: MaskText): RunLabel {
  return { ...label, ...redactLine(label, mask) };
}

/** What runs, and where. */
type Line = Pick<RunLabel, "command" | "argv" | "cwd">;

export function redactLine({ command, argv, cwd }: Line, mask: MaskText): Line {
  return {
    ...(command === undefined ? {} : { command: mask(command) }),
    ...(argv === undefined ? {} : { argv: argv.map((one) => mask(one)) }),
    cwd: mask(cwd),
  };
}

/** Whether anything of `fact` is in words that somebody may have chosen. */
export function hasWords(fact: Fact): boolean {
  if (fact.type !== "command") return fact.type === "pending" || fact.type === "failed" || fact.type === "ready";
  return [fact.detail, fact.hint, fact.errors, fact.survivors].some((one) => one !== undefined);
}

export function redactFact<T extends Fact>(fact: T, mask: MaskText): T {
  const short = (text: string): string => mask(text).slice(0, maxDetailLength);
  if (fact.type === "command") return { ...fact, ...redactOutcome(fact, short) };
  return {
    ...fact,
    ...("label" in fact ? { label: redactLabel(fact.label, mask) } : {}),
    ...("detail" in fact && fact.detail !== undefined ? { detail: short(fact.detail) } : {}),
  };
}

function redactOutcome({ detail, hint, errors, survivors }: CommandFact, mask: MaskText): Partial<CommandFact> {
  return {
    ...(detail === undefined ? {} : { detail: mask(detail) }),
    ...(hint === undefined ? {} : { hint: mask(hint) }),
    ...(errors === undefined ? {} : { errors: errors.map((one) => ({ ...one, message: mask(one.message) })) }),
    ...(survivors === undefined ? {} : { survivors: redactSurvivors(survivors, mask) }),
  };
}

function redactSurvivors(survivors: readonly Survivor[], mask: MaskText): Survivor[] {
  return survivors.map((one) => ({ ...one, command: mask(one.command) }));
}
