// Join codes: made for a machine or for a token, and redeemed for a token. A machine redeems its own by enrolling.

import { inviteRequestSchema, redeemRequestSchema, type Invite } from "@longwire/shared/api/invites.ts";
import type { NewToken } from "@longwire/shared/api/tokens.ts";
import { encodeBase62 } from "@longwire/shared/base62.ts";
import { formatJoinCode, joinSecretBytes, readJoinWorkspace } from "@longwire/shared/join-code.ts";
import { maxOpenBodyBytes } from "@longwire/shared/limits.ts";
import { fromHex } from "@longwire/shared/token.ts";
import { openWorkspace } from "../access/authorise.ts";
import { readBody } from "../access/body.ts";
import { sha256Hex } from "../access/digest.ts";
import { findWorkspace } from "../access/find-workspace.ts";
import { problemResponse } from "../access/problem.ts";
import type { Env } from "../env.ts";
import { refuse, succeed, type Result } from "../result.ts";
import { codeRefused } from "../workspace/invites.ts";
import { makeToken } from "../workspace/new-token.ts";
import type { App } from "./app.ts";
import { readMaking } from "./once.ts";

const idBytes = 16;

export function addInvites(app: App): void {
  app.post("/v1/invites", async (c) => {
    const making = await readMaking(c, inviteRequestSchema, "admin");
    if (!making.ok) return problemResponse(making.refusal);
    const { caller, body, once, draw } = making.value;
    const join = formatJoinCode(fromHex(caller.workspace), await draw("join code", joinSecretBytes));
    const id = `inv_${encodeBase62(await draw("invite id", idBytes))}`;
    const made = { id, hash: await sha256Hex(join) };
    const endsAt = await openWorkspace(c.env, caller).invite(caller.tokenId, made, body, once);
    if (!endsAt.ok) return problemResponse(endsAt.refusal);
    const expires_at = new Date(endsAt.value).toISOString();
    const answer: Invite = { id, kind: body.kind, join, expires_at };
    return c.json(answer, 201, { "Cache-Control": "no-store" });
  });

  app.post("/v1/invites/redeem", async (c) => {
    const read = await readBody(c.req.raw, redeemRequestSchema, { maxBytes: maxOpenBodyBytes });
    if (!read.ok) return problemResponse(read.refusal);
    const { body } = read.value;
    const code = await readCode(c.env, body.join);
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
  const workspace = findWorkspace(env, readJoinWorkspace(code))?.id.toString();
  if (workspace === undefined) return refuse(codeRefused);
  return succeed({ workspace, hash: await sha256Hex(code) });
}
