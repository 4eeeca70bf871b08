// Join codes: made for a machine or for a token, and redeemed for a token. A machine redeems its own by enrolling.

import { inviteRequestSchema, redeemRequestSchema, type Invite } from "@longwire/shared/api/invites.ts";
import type { NewToken } from "@longwire/shared/api/tokens.ts";
import { encodeBase62 } from "@longwire/shared/base62.ts";
import { formatJoinCode, joinSecretBytes, readJoinWorkspace } from "@longwire/shared/join-code.ts";
import { maxOpenBodyBytes } from "@longwire/shared/limits.ts";
import { fromHex, toHex } from "@longwire/shared/token.ts";
import { openWorkspace } from "../access/authorise.ts";
import { parseBody, readText } from "../access/body.ts";
import { sha256Hex } from "../access/digest.ts";
import { problemResponse } from "../access/problem.ts";
import type { Env } from "../env.ts";
import { refuse, succeed, type Result } from "../result.ts";
import { codeRefused } from "../workspace/invites.ts";
import { makeToken } from "../workspace/new-token.ts";
import type { App } from "./app.ts";
import { callerOf } from "./context.ts";
import { readMaking } from "./once.ts";

const idBytes = 16;

export function addInvites(app: App): void {
  app.post("/v1/invites", async (c) => {
    const caller = await callerOf(c, "admin");
    if (!caller.ok) return problemResponse(caller.refusal);
    const text = await readText(c.req.raw);
    if (!text.ok) return problemResponse(text.refusal);
    const body = parseBody(c.req.raw, text.value, inviteRequestSchema);
    if (!body.ok) return problemResponse(body.refusal);
    const making = await readMaking(c, caller.value, text.value);
    if (!making.ok) return problemResponse(making.refusal);
    const { workspace, tokenId } = caller.value;
    const { once, draw } = making.value;
    const join = formatJoinCode(fromHex(workspace), await draw("join code", joinSecretBytes));
    const id = `inv_${encodeBase62(await draw("invite id", idBytes))}`;
    const made = { id, hash: await sha256Hex(join) };
    const endsAt = await openWorkspace(c.env, caller.value).invite(tokenId, made, body.value, once);
    if (!endsAt.ok) return problemResponse(endsAt.refusal);
    const expires_at = new Date(endsAt.value).toISOString();
    const answer: Invite = { id, kind: body.value.kind, join, expires_at };
    return c.json(answer, 201, { "Cache-Control": "no-store" });
  });

  app.post("/v1/invites/redeem", async (c) => {
    const text = await readText(c.req.raw, { maxBytes: maxOpenBodyBytes });
    if (!text.ok) return problemResponse(text.refusal);
    const body = parseBody(c.req.raw, text.value, redeemRequestSchema);
    if (!body.ok) return problemResponse(body.refusal);
    const code = await readCode(c.env, body.value.join);
    if (!code.ok) return problemResponse(code.refusal);
    const { workspace, hash } = code.value;
    const made = await makeToken(workspace);
    const token = await openWorkspace(c.env, { workspace }).redeem(hash, { id: made.id, hash: made.hash });
    if (!token.ok) return problemResponse(token.refusal);
    const answer: NewToken = { ...token.value, token: made.text };
    return c.json(answer, 201, { "Cache-Control": "no-store" });
  });
}

/** The workspace a code names, in hexadecimal, and the code's hash. What is no code reaches no object. */
export async function readCode(
  env: Env,
  code: string,
): Promise<Result<{ readonly workspace: string; readonly hash: string }>> {
  const bytes = readJoinWorkspace(code);
  if (bytes === null) return refuse(codeRefused);
  const workspace = toHex(bytes);
  try {
    env.WORKSPACES.idFromString(workspace);
  } catch {
    // Ids the namespace never gave are refused before an object is made.
    return refuse(codeRefused);
  }
  return succeed({ workspace, hash: await sha256Hex(code) });
}
