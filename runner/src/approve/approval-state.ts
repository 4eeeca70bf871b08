// The life of one approval. It is asked for once, decided once, and used once.
//
//   asked ──once, always──► granted ──the same thing begins──► used
//     │                        └──another thing would begin──► changed
//     ├──deny──► denied
//     ├──time──► expired
//     └──withdrawn (from granted as well)

import { approvalTtlMs } from "@longwire/shared/limits.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import type { ApprovalDecision, Approver } from "@longwire/shared/wire/approvals.ts";

export type ApprovalState =
  /** `askedAt` is of a clock that goes on while the machine sleeps and that nobody sets, in milliseconds. */
  | { readonly type: "asked"; readonly askedAt: number; readonly digest: string }
  | { readonly type: "granted"; readonly digest: string }
  | { readonly type: "used" | "changed" | "denied" | "expired" | "withdrawn" };

export const approvalInputs = ["decide", "clock", "begin", "withdraw"] as const;
export type ApprovalInput =
  | { readonly type: "decide"; readonly decision: "once" | "always" | "deny"; readonly by: Approver }
  | { readonly type: "clock" }
  /** Something of this digest is about to begin. */
  | { readonly type: "begin"; readonly digest: string }
  | { readonly type: "withdraw" };

export interface ApprovalStep {
  readonly state: ApprovalState;
  /** What is to be told of it; null where nothing was decided. */
  readonly told: { readonly decision: ApprovalDecision; readonly by?: Approver } | null;
}

/** The state after one input. What was decided stays so. */
export function stepApproval(state: ApprovalState, input: ApprovalInput, now: number): ApprovalStep {
  switch (state.type) {
    case "asked":
      if (isOver(state, now)) return end("expired");
      return stepAsked(state, input);
    case "granted":
      if (input.type === "withdraw") return { state: { type: "withdrawn" }, told: null };
      if (input.type !== "begin") return { state, told: null };
      return { state: { type: input.digest === state.digest ? "used" : "changed" }, told: null };
    case "used":
    case "changed":
    case "denied":
    case "expired":
    case "withdrawn":
      return { state, told: null };
    default:
      return unreachable(state);
  }
}

function stepAsked(state: Extract<ApprovalState, { type: "asked" }>, input: ApprovalInput): ApprovalStep {
  switch (input.type) {
    case "decide": {
      const { decision, by } = input;
      if (decision === "deny") return { state: { type: "denied" }, told: { decision: "denied", by } };
      return { state: { type: "granted", digest: state.digest }, told: { decision, by } };
    }
    case "withdraw":
      return end("withdrawn");
    case "clock":
    case "begin":
      return { state, told: null };
    default:
      return unreachable(input);
  }
}

const end = (decision: "expired" | "withdrawn"): ApprovalStep => ({ state: { type: decision }, told: { decision } });

/** A clock that went back is none that can be trusted. */
function isOver({ askedAt }: { readonly askedAt: number }, now: number): boolean {
  return now - askedAt >= approvalTtlMs || now < askedAt;
}

/** How long the owner still has. */
export function timeLeft({ askedAt }: { readonly askedAt: number }, now: number): number {
  return Math.max(0, Math.min(approvalTtlMs, Math.round(askedAt + approvalTtlMs - now)));
}
