// Whether somebody is signed in, and as whom. What a page may do follows from `who.scopes`; the control plane judges
// every call all the same.
//
//   checking ──► in ──sign out, revoked, ended──► out ──secret, code, token──► in

import { signal } from "@preact/signals";
import type { Who } from "@longwire/shared/api/sessions.ts";
import type { Scope } from "@longwire/shared/scopes.ts";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { askWho, endSession, exchangeSecret } from "./calls.ts";
import { forgetToken, keepToken, keptToken } from "./kept-token.ts";

export type SessionState =
  | { readonly type: "checking" }
  /** `why`: what the person is told of it; null where they were never in. */
  | { readonly type: "out"; readonly why: string | null }
  /** `token`: null where the browser sends a cookie. */
  | { readonly type: "in"; readonly token: string | null; readonly who: Who };

export const session = signal<SessionState>({ type: "checking" });

const linkIsUsed = "This link has been used already, or is older than five minutes. Make another with `runner open`.";

/** At the page's start: by the link's secret, by what this tab keeps, or by the browser's cookie. */
export async function beginSession(secret: string | null): Promise<void> {
  try {
    if (secret !== null) {
      const token = await exchangeSecret(secret);
      return await signIn(token);
    }
    const kept = keptToken();
    if (kept === null && location.protocol !== "https:") return void (session.value = { type: "out", why: null });
    await signIn(kept);
  } catch (error) {
    const isRefused = error instanceof LongwireError && error.code === "unauthorized";
    if (!isRefused) return void (session.value = { type: "out", why: describe(error) });
    const hadToken = keptToken() !== null;
    forgetToken();
    const why = secret !== null ? linkIsUsed : hadToken ? "Your session has ended. Sign in again." : null;
    session.value = { type: "out", why };
  }
}

/** Goes on with a token, or with the cookie where it is null. Throws where neither is good. */
export async function signIn(token: string | null): Promise<void> {
  const who = await askWho(token);
  if (token === null) forgetToken();
  else keepToken(token);
  session.value = { type: "in", token, who };
}

export async function signOut(): Promise<void> {
  const { value: state } = session;
  if (state.type !== "in") return;
  forgetToken();
  session.value = { type: "out", why: "You are signed out." };
  if (state.who.kind === "session") await endSession(state.token).catch(() => undefined);
}

/** The control plane takes what this page holds no more. */
export function sessionEnded(): void {
  if (session.value.type !== "in") return;
  forgetToken();
  session.value = { type: "out", why: "You were signed out: this session was revoked or has ended." };
}

/** Whether what this page holds allows `scope`. */
export function may(scope: Scope): boolean {
  return session.value.type === "in" && session.value.who.scopes.includes(scope);
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
