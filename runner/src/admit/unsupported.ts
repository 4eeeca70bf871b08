// What the wire can ask for and this runner cannot do. It says so, rather than doing half of what was asked.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { Refusal } from "@longwire/shared/errors.ts";

/** Why a start cannot be carried out as it was asked for; null where it can. */
export function findUnsupported({ ready }: StartRequest): Refusal | null {
  if (ready?.pattern === undefined) return null;
  return {
    code: "invalid_request",
    detail: "This machine's runner does not look for a pattern to find out whether a run is ready.",
    errors: [{ path: "ready.pattern", message: "is not supported by the machine's runner" }],
    hint: "Give `ready` a `port`, `http` or `command`, or wait with `until=match`.",
  };
}
