// What the wire can ask for and this runner cannot do. It says so, rather than doing half of what was asked.

import type { StartRequest } from "@longwire/shared/api/requests.ts";
import type { Refusal } from "@longwire/shared/errors.ts";

const unsupportedFields: readonly (keyof StartRequest)[] = ["ready"];

/** Why a start cannot be carried out as it was asked for; null where it can. */
export function findUnsupported(request: StartRequest): Refusal | null {
  const fields = unsupportedFields.filter((field) => request[field] !== undefined);
  if (fields.length === 0) return null;
  return {
    code: "invalid_request",
    detail: `This machine's runner cannot do ${fields.join(", ")}.`,
    errors: fields.map((path) => ({ path, message: "is not supported by the machine's runner" })),
  };
}

/** The same for what the owner says a named command needs. */
export function findUnsupportedNeeds(needs: object): Refusal | null {
  const names = Object.keys(needs).join(", ");
  if (names === "") return null;
  return { code: "invalid_request", detail: `It needs ${names}, which this machine's runner cannot start for it yet.` };
}
