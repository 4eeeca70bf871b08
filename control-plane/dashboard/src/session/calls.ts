// Calls about who this page speaks for.

import { newSessionSchema, whoSchema, type Who } from "@longwire/shared/api/sessions.ts";
import { newTokenSchema } from "@longwire/shared/api/tokens.ts";
import { Caller } from "@longwire/shared/client/caller.ts";

const url = location.origin;
const anonymous = (): Caller => new Caller({ url, token: null, retries: 1 });

/** Exchanges a one-time secret; the session's token, or null where it is in a cookie. */
export async function exchangeSecret(secret: string): Promise<string | null> {
  const call = { method: "POST", path: "/v1/sessions", body: { secret }, kind: "once" } as const;
  return (await anonymous().json(call, newSessionSchema)).token ?? null;
}

/** The token a join code is for. */
export async function redeemCode(join: string): Promise<string> {
  const call = { method: "POST", path: "/v1/invites/redeem", body: { join }, kind: "once" } as const;
  return (await anonymous().json(call, newTokenSchema)).token;
}

/** Who asks with `token`, or with the browser's cookie. Throws `unauthorized` where that is nobody. */
export async function askWho(token: string | null): Promise<Who> {
  const caller = new Caller({ url, token, retries: 2 });
  return await caller.json({ method: "GET", path: "/v1/sessions", kind: "look" }, whoSchema);
}

/** Ends the session at the control plane; a token that is no session's is only forgotten here. */
export async function endSession(token: string | null): Promise<void> {
  const caller = new Caller({ url, token, retries: 1 });
  await caller.read({ method: "DELETE", path: "/v1/sessions", body: {}, kind: "once" }, {}, () => Promise.resolve());
}
