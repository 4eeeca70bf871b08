// Carries out what the owner decided over the API. Whether that counts from there, the owner's file says.

import type { Operation } from "@longwire/shared/wire/commands.ts";
import type { ApprovalDesk } from "../approve/approval-desk.ts";
import { done, refused, type Outcome } from "./outcome.ts";

type DecideOperation = Extract<Operation, { op: "decide" }>;

export function carryOutDecision(approvals: ApprovalDesk, { approval, decision }: DecideOperation): Outcome {
  const decided = approvals.decide(approval, decision, "dashboard");
  return decided.type === "refused"
    ? refused(decided.refusal)
    : done({ process: decided.of.process, run: decided.of.run });
}
