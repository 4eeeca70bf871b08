// What became of a command, before it is a fact.

import type { Refusal } from "@longwire/shared/errors.ts";
import { maxDetailLength } from "@longwire/shared/limits.ts";
import type { CommandFact } from "@longwire/shared/wire/facts.ts";

export type Outcome = Omit<CommandFact, "type" | "at" | "command_id">;

const cut = (text: string): string => text.slice(0, maxDetailLength);

export function refused(refusal: Refusal): Outcome {
  const { code, detail, hint, errors } = refusal;
  return {
    outcome: "refused",
    code,
    detail: cut(detail),
    ...(hint === undefined ? {} : { hint: cut(hint) }),
    ...(errors === undefined ? {} : { errors: errors.map(({ path, message }) => ({ path, message: cut(message) })) }),
  };
}

export function done(parts: Omit<Outcome, "outcome">): Outcome {
  return { outcome: "done", ...parts };
}
