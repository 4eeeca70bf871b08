// Whether the machine lets a start happen. The owner's word on the machine decides, nothing remote.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { policyModes } from "@longwire/shared/wire/link.ts";
import { unreachable } from "@longwire/shared/unreachable.ts";

export interface Policy {
  /** `open` is asked for with `--allow-all` only. */
  readonly mode: (typeof policyModes)[number];
}

export type Verdict = { readonly type: "allowed" } | { readonly type: "denied"; readonly refusal: Refusal };

/** What `policy` says to `request`. What is not allowed is denied. */
export function judgeStart(policy: Policy, _request: StartRequest): Verdict {
  switch (policy.mode) {
    case "open":
      return { type: "allowed" };
    case "ask":
    case "named":
      return {
        type: "denied",
        refusal: {
          code: "denied_by_machine",
          detail: "The machine's policy does not allow this command.",
          hint: "Nothing was started. The machine's owner can allow everything by starting the runner with --allow-all.",
        },
      };
    default:
      return unreachable(policy.mode);
  }
}
