// Whether the machine lets a start happen. The owner's word on the machine decides, nothing remote.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { policyModes } from "@longwire/shared/policy-modes.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";
import { findForeignVariables } from "./named-command.ts";
import { noPolicyFile, type PolicyFile } from "./policy-schema.ts";

export type PolicyMode = (typeof policyModes)[number];

export type Policy =
  /** `mode` is the file's, unless `--allow-all` was asked for. */
  | { readonly type: "read"; readonly mode: PolicyMode; readonly file: PolicyFile }
  /** The owner's file cannot be read as it stands: nothing starts until it can. */
  | { readonly type: "broken"; readonly fault: string };

/** The policy as it is now; it changes when the owner's file does. */
export interface PolicySource {
  current(): Policy;
}

/** A policy without a file. */
export function plainPolicy(mode: PolicyMode): PolicySource {
  const policy: Policy = { type: "read", mode, file: noPolicyFile };
  return { current: () => policy };
}

/** What the owner says beside whether something may run; nothing where that cannot be read. */
export function fileOf(policy: Policy): PolicyFile {
  return policy.type === "read" ? policy.file : noPolicyFile;
}

/** The mode callers are told. A broken file allows what a list without commands does: nothing. */
export function modeOf(policy: Policy): PolicyMode {
  return policy.type === "read" ? policy.mode : "named";
}

export type Verdict =
  | { readonly type: "allowed"; readonly file: PolicyFile }
  /** The owner is asked, unless the file says `always` to it. */
  | { readonly type: "asks"; readonly file: PolicyFile }
  | { readonly type: "denied"; readonly refusal: Refusal };

/**
 * What `policy` says to all that `request` would run: its program, and the command of its `ready`. What is neither
 * allowed nor asked about is denied. A named command is allowed in every mode, as far as its caller leaves it as it is.
 */
export function judgeStart(policy: Policy, request: StartRequest): Verdict {
  if (policy.type === "broken") {
    return deny(`The machine's policy file cannot be read, so nothing starts: ${policy.fault}`, mendTheFile);
  }
  const { file, mode } = policy;
  const foreign = findForeignVariables(file, request);
  if (foreign.length > 0) {
    const names = foreign.map(({ path }) => path.slice("env.".length)).join(", ");
    const detail = `The machine's policy does not let callers set ${names}.`.slice(0, 1000);
    return deny(detail, "Start it without, or ask the machine's owner to add the names to `env.allow`.", foreign);
  }
  if (request.use !== undefined) return { type: "allowed", file };
  switch (mode) {
    case "open":
      return { type: "allowed", file };
    case "ask":
      return { type: "asks", file };
    case "named":
      return deny("The machine's policy does not allow this command.", hintFor(file));
    default:
      return unreachable(mode);
  }
}

function deny(detail: string, hint: string, errors?: Refusal["errors"]): Verdict {
  return { type: "denied", refusal: { code: "denied_by_machine", detail, hint, errors: errors?.slice(0, 32) } };
}

const mendTheFile = "The machine's owner has to mend the file; `runner policy show` says the same.";

function hintFor({ commands }: PolicyFile): string {
  const names = Object.keys(commands);
  return names.length === 0
    ? "Nothing was started. The machine's owner can name commands in the policy file, or allow everything by starting the runner with --allow-all."
    : `Nothing was started. Start one of the commands the machine's owner named, with \`use\`: ${names.join(", ").slice(0, 1500)}.`;
}
