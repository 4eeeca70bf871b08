// Whether the commands that a start needs have come as far as it needs them to.

import type { Admitted } from "../admit/admission.ts";
import type { NeedCondition } from "../admit/policy-schema.ts";
import type { Actor } from "@longwire/shared/audit/entry.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import type { FollowedRun } from "./followed-run.ts";
import type { KeptStart } from "./kept-start.ts";

/** A named command, and the process of it that is waited for. */
export interface Need {
  readonly use: string;
  readonly condition: NeedCondition;
  readonly process: ProcessId;
}

/** A start that may happen, with the processes it waits for. */
export type PreparedStart = Pick<Admitted, "request" | "cwd" | "asks"> & {
  readonly needs: readonly Need[];
  /** Who asks for it, as the control plane says. */
  readonly actor?: Actor;
};

/** What is known of the process a start waits for; its run where one lives. */
export interface Needed {
  readonly kept: KeptStart | null;
  readonly run: Pick<FollowedRun, "state" | "isReady"> | null;
}

export type NeedsVerdict =
  | { readonly type: "met" }
  /** These are not met yet. */
  | { readonly type: "waiting"; readonly left: readonly Need[] }
  | { readonly type: "failed"; readonly detail: string };

export function judgeNeeds(needs: readonly Need[], find: (process: ProcessId) => Needed): NeedsVerdict {
  const left: Need[] = [];
  for (const need of needs) {
    const verdict = judgeNeed(need.condition, find(need.process));
    if (verdict === "waiting") left.push(need);
    else if (verdict !== "met") {
      return { type: "failed", detail: `It needs ${need.use} to be ${need.condition}, which ${verdict}.` };
    }
  }
  return left.length === 0 ? { type: "met" } : { type: "waiting", left };
}

/** `met`, `waiting`, or why it cannot be met any more. */
function judgeNeed(condition: NeedCondition, { kept, run }: Needed): string {
  if (kept === null) return "is not known any more";
  switch (kept.phase.type) {
    case "waiting":
      return "waiting";
    case "begun":
      if (condition === "started") return run !== null && run.state !== "starting" ? "met" : "waiting";
      return condition === "ready" && run?.isReady === true ? "met" : "waiting";
    case "ended": {
      const { end } = kept.phase;
      if (end === undefined) return "did not begin";
      const didRun = end.reason === "exit";
      if (didRun && (condition === "started" || (condition === "completed" && end.returncode === 0))) return "met";
      return didRun ? `ended with code ${end.returncode}` : `ended (${end.reason})`;
    }
  }
}

/** What is waited for, in words. */
export function sayNeeds(needs: readonly Need[]): string {
  return `It needs ${needs.map(({ use, condition, process }) => `${use} (${process}) to be ${condition}`).join(", ")}.`;
}
