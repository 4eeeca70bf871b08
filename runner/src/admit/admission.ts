// Whether a start may happen on this machine as it was asked for, and what then runs: asked anew for every run of a
// process, since the owner's word, the folders and the runner may have changed.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { isAlwaysAllowed } from "./always.ts";
import { resolveNamed } from "./named-command.ts";
import { settleWithin } from "./path-within.ts";
import { judgeStart, type PolicySource } from "./policy.ts";
import type { NamedCommand } from "./policy-schema.ts";
import { findWorkingFolder } from "./working-folder.ts";

export interface Admitted {
  readonly type: "admitted";
  /** What runs: a named command in its owner's words, without `use` and `params`; else what was asked. */
  readonly request: StartRequest;
  /** Absolute. */
  readonly cwd: string;
  readonly needs: NamedCommand["needs"];
  /** Whether the owner has to approve it first. */
  readonly asks: boolean;
}

export type Admission = Admitted | { readonly type: "refused"; readonly refusal: Refusal };

/** What admission asks of the machine. */
export interface AdmissionSettings {
  readonly policy: PolicySource;
  /** Where commands run that name no folder. */
  readonly cwd: string;
  /** Null: no terminals on this system. */
  readonly terminal: object | null;
}

/** Judges all that `asked` would run, the command of its `ready` included. */
export function admitStart({ policy, cwd: home, terminal }: AdmissionSettings, asked: StartRequest): Admission {
  const verdict = judgeStart(policy.current(), asked);
  if (verdict.type === "denied") return { type: "refused", refusal: verdict.refusal };
  const resolved =
    asked.use === undefined
      ? ({ type: "resolved", request: asked, needs: {} } as const)
      : resolveNamed(verdict.file, asked.use, asked, (folder) => (path) => settleWithin(folder, path));
  if (resolved.type === "refused") return resolved;
  const { request, needs } = resolved;
  if (request.tty === true && terminal === null) return { type: "refused", refusal: noTerminals };
  const folder = findWorkingFolder(request.cwd, home);
  if (folder.type === "refused") return folder;
  const { cwd: absolute } = folder;
  const asks = verdict.type === "asks" && !isAlwaysAllowed(verdict.file, request, absolute);
  return { type: "admitted", request, cwd: absolute, needs, asks };
}

const noTerminals: Refusal = {
  code: "invalid_request",
  detail: "This machine's runner has no terminals: its system has no code for them.",
  errors: [{ path: "tty", message: "is not possible on this machine" }],
  hint: "Start it without `tty`; `capabilities.tty` of a machine says whether it has terminals.",
};
