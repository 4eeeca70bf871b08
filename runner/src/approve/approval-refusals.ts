// Why nothing is asked, or a decision does not count, in words for callers and owners.

import type { Refusal } from "@longwire/shared/errors.ts";

export const nobodyToAsk: Refusal = {
  code: "denied_by_machine",
  detail: "The machine's owner would have to approve this, and there is nobody to ask.",
  hint: "Nothing was started. The machine's owner can name commands in the policy file, say in its `approve` where they are asked, or start the runner with --allow-all.",
};

export const tooManyAsked: Refusal = {
  code: "limit_reached",
  detail: "The machine's owner has been asked about as many starts as can wait at one time.",
  hint: "Nothing was started. Wait until they have decided, or stop what waits.",
};

export const noApproval = (id: string): Refusal => ({
  code: "not_found",
  detail: `Nothing waits for an approval ${id}: it was decided, withdrawn or is older than two minutes, or there never was one.`,
  hint: "What waits now is listed by `runner approvals`; to run the same again, start it again.",
});

export const notFromHere = (place: "terminal" | "dashboard"): Refusal => ({
  code: "denied_by_machine",
  detail:
    place === "dashboard"
      ? "The machine's policy does not let this be decided from here."
      : "The policy file does not let this be decided on the machine itself.",
  hint:
    place === "dashboard"
      ? "Decide on the machine, in the runner's terminal or by `runner approve`; its owner can add `dashboard` to `approve` in the policy file."
      : "Add `terminal` to `approve` in the policy file.",
});

export const notForGood: Refusal = {
  code: "invalid_request",
  detail: "This cannot be allowed for good: it sets variables, is given input or runs a second command.",
  hint: "Allow it once, or name it in the policy file with all it needs.",
};
