// Signing in and out. Over https a session is a cookie no script can read; in clear, on loopback, it is a bearer token
// that the page keeps to itself.

import {
  sessionRequestSchema,
  signInRequestSchema,
  type NewSession,
  type NewSignIn,
  type Who,
} from "@longwire/shared/api/sessions.ts";
import { emptyRequestSchema } from "@longwire/shared/api/requests.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { maxOpenBodyBytes, sessionLifeMs } from "@longwire/shared/limits.ts";
import { readTokenWorkspace } from "@longwire/shared/token.ts";
import { forgetCallers } from "../access/authenticate.ts";
import { openWorkspace } from "../access/authorise.ts";
import { readBody } from "../access/body.ts";
import { sha256Hex } from "../access/digest.ts";
import { findWorkspace } from "../access/find-workspace.ts";
import { problemResponse } from "../access/problem.ts";
import { limitEntry } from "../access/rate-limits.ts";
import { endedCookie, sessionCookie, takesCookie } from "../access/session-cookie.ts";
import { makeToken } from "../workspace/new-token.ts";
import type { App } from "./app.ts";
import { callerOf, readAsked } from "./context.ts";
import { readMaking } from "./once.ts";

const unauthorized: Refusal = {
  code: "unauthorized",
  detail: "This secret is not valid: it signs in once, within 5 minutes.",
  hint: "Make a new one with POST /v1/sign-ins.",
};

export function addSessions(app: App): void {
  app.post("/v1/sign-ins", async (c) => {
    const making = await readMaking(c, signInRequestSchema, "admin");
    if (!making.ok) return problemResponse(making.refusal);
    const { caller, body, once, draw } = making.value;
    const made = await makeToken(caller.workspace, draw);
    const ends = await openWorkspace(c.env, caller).createSignIn(caller.tokenId, made.hash, body, once);
    if (!ends.ok) return problemResponse(ends.refusal);
    const answer: NewSignIn = { secret: made.text, expires_at: new Date(ends.value).toISOString() };
    return c.json(answer, 201);
  });

  app.post("/v1/sessions", async (c) => {
    const limited = await limitEntry(c.env, c.req.raw);
    if (limited !== null) return problemResponse(limited);
    const read = await readBody(c.req.raw, sessionRequestSchema, { maxBytes: maxOpenBodyBytes });
    if (!read.ok) return problemResponse(read.refusal);
    const { body } = read.value;
    const workspace = findWorkspace(c.env, readTokenWorkspace(body.secret));
    if (workspace === null) return problemResponse(unauthorized);
    const made = await makeToken(workspace.id.toString());
    const kept = { id: made.id, hash: made.hash };
    const session = await workspace.signIn(await sha256Hex(body.secret), kept);
    if (!session.ok) return problemResponse(session.refusal.code === "unauthorized" ? unauthorized : session.refusal);
    if (!takesCookie(c.req.raw)) return c.json({ ...session.value, token: made.text } satisfies NewSession, 201);
    const headers = { "Set-Cookie": sessionCookie(made.text, sessionLifeMs) };
    return c.json(session.value satisfies NewSession, 201, headers);
  });

  app.get("/v1/sessions", async (c) => {
    const caller = await callerOf(c, "read");
    if (!caller.ok) return problemResponse(caller.refusal);
    const { tokenId, tokenName, isSession, scopes, expiresAt } = caller.value;
    const who: Who = {
      token_id: tokenId,
      name: tokenName,
      kind: isSession === true ? "session" : "operator",
      scopes: [...scopes],
      expires_at: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    };
    return c.json(who);
  });

  app.delete("/v1/sessions", async (c) => {
    const asked = await readAsked(c, emptyRequestSchema, "session");
    if (!asked.ok) return problemResponse(asked.refusal);
    const { caller } = asked.value;
    const { tokenId } = caller;
    const ended = await openWorkspace(c.env, caller).signOut(tokenId);
    if (!ended.ok) return problemResponse(ended.refusal);
    forgetCallers((known) => known.tokenId === tokenId);
    return c.body(null, 204, takesCookie(c.req.raw) ? { "Set-Cookie": endedCookie } : {});
  });
}
