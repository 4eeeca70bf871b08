// Who is calling: the bearer token of a request, checked against its workspace. A positive answer is kept for at
// most 5 s, so that a revoked token ends soon everywhere; a negative one is never kept.

import { readTokenWorkspace } from "@longwire/shared/token.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import type { Env } from "../env.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { Grant } from "../workspace/grant.ts";
import { sha256Hex } from "./digest.ts";
import { findWorkspace } from "./find-workspace.ts";
import { limitGuess, limitStranger } from "./rate-limits.ts";
import { checkCookieUse, readSessionCookie } from "./session-cookie.ts";

const keepMs = 5000;
const keepAtMost = 1000;

export interface Caller extends Grant {
  /** SHA-256 of the token; scopes idempotency keys. */
  readonly tokenHash: string;
}

const cache = new Map<string, { readonly caller: Caller; readonly until: number }>();

const unauthorized: Refusal = { code: "unauthorized", detail: "The request carries no valid bearer token." };

/**
 * The caller behind a request's `Authorization` header, or over https its session's cookie. `fresh` asks the workspace even if an answer is at hand. What is
 * no token reaches no object; one that was not good a moment ago is a guess, and counts as one before it does.
 */
export async function authenticate(env: Env, request: Request, fresh = false): Promise<Result<Caller>> {
  const authorization = request.headers.get("Authorization");
  const cookie = authorization === null ? readSessionCookie(request) : null;
  const foreign = cookie === null ? null : checkCookieUse(request);
  if (foreign !== null) return refuse(foreign);
  const token = cookie ?? bearerOf(authorization);
  const workspaceId = token === undefined ? null : readTokenWorkspace(token);
  if (token === undefined || workspaceId === null) return refuse((await limitStranger(env, request)) ?? unauthorized);
  const tokenHash = await sha256Hex(token);
  const now = Date.now();
  const kept = cache.get(tokenHash);
  // Only what was made for a cookie is taken from one.
  const admit = (caller: Caller): Result<Caller> =>
    cookie === null || caller.isSession === true ? succeed(caller) : refuse(unauthorized);
  if (kept !== undefined && kept.until > now && !fresh) return admit(kept.caller);
  const limited = kept === undefined ? await limitGuess(env, request) : null;
  if (limited !== null) return refuse(limited);
  cache.delete(tokenHash);
  const grant = (await findWorkspace(env, workspaceId)?.verify(tokenHash)) ?? null;
  if (grant === null) return refuse(unauthorized);
  const caller = { ...grant, tokenHash };
  if (cache.size >= keepAtMost) cache.clear();
  cache.set(tokenHash, { caller, until: Math.min(now + keepMs, caller.expiresAt ?? Infinity) });
  return admit(caller);
}

const bearerOf = (authorization: string | null): string | undefined =>
  /^Bearer ([0-9A-Za-z_]{1,200})$/i.exec(authorization ?? "")?.[1];

/** The text of the token a request comes with, for one that was authenticated. */
export function tokenOf(request: Request): string {
  const authorization = request.headers.get("Authorization");
  return (authorization === null ? readSessionCookie(request) : bearerOf(authorization)) ?? "";
}

/** Asks anew about callers for which this holds, when they are met next. */
export function forgetCallers(isChanged: (caller: Caller) => boolean): void {
  for (const [hash, { caller }] of cache) if (isChanged(caller)) cache.delete(hash);
}
