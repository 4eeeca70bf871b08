// What a caller may need, and the one function that judges whether its token allows it: for routes and for the messages
// of sockets alike.

import type { Scope } from "@longwire/shared/scopes.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { Grant } from "../workspace/grant.ts";

/** A scope, or to be the runner itself, or a page's session. */
export type Need = Scope | "link" | "session";

type Held = Pick<Grant, "kind" | "scopes" | "isSession">;

/** Refuses a caller whose token does not allow all that is needed. */
export function authorise<T extends Held>(caller: T, ...needs: readonly Need[]): Result<T> {
  const missing = needs.find((need) => !allows(caller, need));
  if (missing === undefined) return succeed(caller);
  return refuse({ code: "insufficient_scope", detail: describe(missing) });
}

function allows({ kind, scopes, isSession }: Held, need: Need): boolean {
  if (need === "link") return kind === "runner";
  return kind === "operator" && (need === "session" ? isSession === true : scopes.includes(need));
}

function describe(missing: Need): string {
  if (missing === "link") return "Only a machine's own token opens its link.";
  if (missing === "session") return "Only a session signs out; other tokens are revoked.";
  return `This needs a token with the scope \`${missing}\`.`;
}
