// What a caller may need, and the one function that judges whether its token allows it: for routes and for the messages
// of sockets alike.

import type { Scope } from "@longwire/shared/scopes.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { Grant } from "../workspace/grant.ts";

/** A scope, or to be the runner itself. */
export type Need = Scope | "link";

/** Refuses a caller whose token does not allow all that is needed. */
export function authorise<T extends Pick<Grant, "kind" | "scopes">>(caller: T, ...needs: readonly Need[]): Result<T> {
  const missing = needs.find((need) => !allows(caller, need));
  if (missing === undefined) return succeed(caller);
  const detail =
    missing === "link"
      ? "Only a machine's own token opens its link."
      : `This needs a token with the scope \`${missing}\`.`;
  return refuse({ code: "insufficient_scope", detail });
}

function allows({ kind, scopes }: Pick<Grant, "kind" | "scopes">, need: Need): boolean {
  return need === "link" ? kind === "runner" : kind === "operator" && scopes.includes(need);
}
