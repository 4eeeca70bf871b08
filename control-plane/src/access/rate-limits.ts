// How often a client may ask before any object is touched. The platform counts, each of its places by itself and not to
// the last request; what must be exact is kept by an object.

import type { Refusal } from "@longwire/shared/errors.ts";
import type { Env } from "../env.ts";
import { addressKey } from "./client-address.ts";

/** A limit's window is over by then, whenever it began. */
const windowMs = { guesses: 60_000, entries: 60_000, calls: 10_000 };

/** A request with a token that is no token, or with none: it costs nothing but this. */
export async function limitStranger(env: Env, request: Request): Promise<Refusal | null> {
  const detail = "Too many requests without a valid token came from this address.";
  return await count(env.LIMIT_GUESSES, `stranger ${clientOf(env, request)}`, detail, windowMs.guesses);
}

/** A request whose token an object has to be asked about. Counted apart, so that no page without a token spends it. */
export async function limitGuess(env: Env, request: Request): Promise<Refusal | null> {
  const detail = "Too many requests with tokens that are not known came from this address.";
  return await count(env.LIMIT_GUESSES, `guess ${clientOf(env, request)}`, detail, windowMs.guesses);
}

/** A request for a token: by a key, a code or a one-time secret. */
export async function limitEntry(env: Env, request: Request): Promise<Refusal | null> {
  const detail = "Too many requests to enrol, join or sign in came from this address.";
  return await count(env.LIMIT_ENTRIES, `entry ${clientOf(env, request)}`, detail, windowMs.entries);
}

/** A request with a valid token. The first ones of a window are counted here alone, which takes no time. */
export async function limitCall(env: Env, tokenHash: string): Promise<Refusal | null> {
  if (env.LIMIT_CALLS === undefined || isAmongFirst(tokenHash, Date.now())) return null;
  return await count(env.LIMIT_CALLS, tokenHash, "Too many requests came with this token.", windowMs.calls);
}

async function count(limit: RateLimit | undefined, key: string, detail: string, ms: number): Promise<Refusal | null> {
  if (limit === undefined) return null;
  const refusal: Refusal = { code: "rate_limited", detail, retryAfterMs: ms };
  const now = Date.now();
  if ((over.get(key) ?? 0) > now) return refusal;
  const { success } = await limit.limit({ key });
  if (success) return null;
  if (over.size >= keepAtMost) over.clear();
  over.set(key, now + overForMs);
  return refusal;
}

/** Keys that were over their limit a moment ago: to ask about each request of a flood costs memory and time. */
const over = new Map<string, number>();
const overForMs = 2000;

function clientOf(env: Env, request: Request): string {
  const header = env.CLIENT_ADDRESS_HEADER;
  const address = header === undefined ? null : request.headers.get(header);
  return address === null ? "anybody" : addressKey(address);
}

/** Requests of a token in a window, here, before the platform is asked. */
const firstCalls = 500;
const keepAtMost = 1000;
const calls = new Map<string, { readonly since: number; count: number }>();

function isAmongFirst(tokenHash: string, now: number): boolean {
  const known = calls.get(tokenHash);
  if (known !== undefined && now - known.since < windowMs.calls) return ++known.count <= firstCalls;
  if (calls.size >= keepAtMost) calls.clear();
  calls.set(tokenHash, { since: now, count: 1 });
  return true;
}
