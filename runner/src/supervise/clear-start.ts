// Whether a run may begin now, as the machine's policy is and by what its owner approved: judged in the same turn in
// which it begins, on exactly what it is given.

import type { EndReason } from "@longwire/shared/process-state.ts";
import { admitStart } from "../admit/admission.ts";
import type { ApprovalDesk } from "../approve/approval-desk.ts";
import { gatherWhatRuns, type WhatRuns } from "../approve/what-runs.ts";
import { askedOf, type KeptStart } from "./kept-start.ts";
import { type Outfit, secretsOf } from "./new-run.ts";
import type { StartSettings } from "./start-settings.ts";

export type Clearance<T extends KeptStart> =
  | { readonly type: "cleared"; readonly kept: T; readonly outfit: Outfit }
  /** The owner has to be asked, or asked again. */
  | { readonly type: "asks"; readonly kept: T; readonly what: WhatRuns }
  | { readonly type: "refused"; readonly reason: EndReason; readonly detail: string };

/** All that would run of a start, with the environment it would get. */
export function whatRunsOf(settings: StartSettings, { request, cwd }: Pick<KeptStart, "request" | "cwd">): WhatRuns {
  return gatherWhatRuns(request, cwd, secretsOf(settings, { request }).environment);
}

/** Uses up what was approved. */
export function clearStart<T extends KeptStart>(
  settings: StartSettings,
  approvals: ApprovalDesk,
  before: T,
): Clearance<T> {
  const admission = admitStart(settings, askedOf(before));
  if (admission.type === "refused") {
    const { code, detail } = admission.refusal;
    return { type: "refused", reason: code === "denied_by_machine" ? "denied" : "spawn_failed", detail };
  }
  const { request, cwd, asks } = admission;
  const kept: T = { ...before, request, cwd };
  const given = secretsOf(settings, kept);
  if (!asks) return { type: "cleared", kept, outfit: { given, bound: null } };
  const what = gatherWhatRuns(request, cwd, given.environment);
  const redeemed = approvals.redeem(kept.process, what, kept.approved);
  if (redeemed.type === "none") return { type: "asks", kept, what };
  if (redeemed.type === "changed") return { type: "refused", reason: "denied", detail: changed };
  const { approved } = redeemed;
  return { type: "cleared", kept: { ...kept, approved }, outfit: { given, bound: what.bound } };
}

const changed =
  "What would run is not what the machine's owner approved: its program, folder or environment changed meanwhile. Nothing was started.";
