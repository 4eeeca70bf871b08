// Making, listing and revoking tokens.

import { tokenRequestSchema, tokensQuerySchema, type NewToken } from "@longwire/shared/api/tokens.ts";
import { emptyRequestSchema } from "@longwire/shared/api/requests.ts";
import { forgetCallers } from "../access/authenticate.ts";
import { openWorkspace } from "../access/authorise.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import { makeToken } from "../workspace/new-token.ts";
import type { App } from "./app.ts";
import { callerOf, readAsked } from "./context.ts";
import { readMaking } from "./once.ts";

export function addTokens(app: App): void {
  app.get("/v1/tokens", async (c) => {
    const caller = await callerOf(c, "admin");
    if (!caller.ok) return problemResponse(caller.refusal);
    const query = parseQuery(c.req.url, tokensQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const page = await openWorkspace(c.env, caller.value).listTokens(caller.value.tokenId, query.value);
    return page.ok ? c.json(page.value) : problemResponse(page.refusal);
  });

  app.post("/v1/tokens", async (c) => {
    const making = await readMaking(c, tokenRequestSchema, "admin");
    if (!making.ok) return problemResponse(making.refusal);
    const { caller, body, once, draw } = making.value;
    const made = await makeToken(caller.workspace, draw);
    const kept = { id: made.id, hash: made.hash };
    const token = await openWorkspace(c.env, caller).createToken(caller.tokenId, kept, body, once);
    if (!token.ok) return problemResponse(token.refusal);
    const answer: NewToken = { ...token.value, token: made.text };
    return c.json(answer, 201, { Location: `/v1/tokens/${made.id}`, "Cache-Control": "no-store" });
  });

  app.delete("/v1/tokens/:token", async (c) => {
    const asked = await readAsked(c, emptyRequestSchema, "admin");
    if (!asked.ok) return problemResponse(asked.refusal);
    const { caller } = asked.value;
    const id = c.req.param("token");
    const revoked = await openWorkspace(c.env, caller).revokeToken(caller.tokenId, id);
    if (!revoked.ok) return problemResponse(revoked.refusal);
    forgetCallers((known) => known.tokenId === id);
    return c.body(null, 204);
  });
}
