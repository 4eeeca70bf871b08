// Whether a start may happen on this machine as it was asked for: asked anew for every run of a process, since the
// owner's word, the folders and the runner may have changed.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { judgeStart, type Policy } from "./policy.ts";
import { findUnsupported } from "./unsupported.ts";
import { findWorkingFolder } from "./working-folder.ts";

export type Admission =
  /** `cwd` is absolute. */
  { readonly type: "admitted"; readonly cwd: string } | { readonly type: "refused"; readonly refusal: Refusal };

/** What admission asks of the machine. */
export interface AdmissionSettings {
  readonly policy: Policy;
  /** Where commands run that name no folder. */
  readonly cwd: string;
  /** Null: no terminals on this system. */
  readonly terminal: object | null;
}

export function admitStart(settings: AdmissionSettings, request: StartRequest): Admission {
  const { policy, cwd: home, terminal } = settings;
  const verdict = judgeStart(policy, request);
  if (verdict.type === "denied") return { type: "refused", refusal: verdict.refusal };
  const unsupported = findUnsupported(request);
  if (unsupported !== null) return { type: "refused", refusal: unsupported };
  if (request.tty === true && terminal === null) return { type: "refused", refusal: noTerminals };
  const folder = findWorkingFolder(request.cwd, home);
  return folder.type === "found" ? { type: "admitted", cwd: folder.cwd } : folder;
}

const noTerminals: Refusal = {
  code: "invalid_request",
  detail: "This machine's runner has no terminals: its system has no code for them.",
  errors: [{ path: "tty", message: "is not possible on this machine" }],
  hint: "Start it without `tty`; `capabilities.tty` of a machine says whether it has terminals.",
};
