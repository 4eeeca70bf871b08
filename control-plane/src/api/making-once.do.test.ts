import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeAll, expect, test } from "vitest";
import type { Invite } from "@longwire/shared/api/invites.ts";
import type { NewSignIn } from "@longwire/shared/api/sessions.ts";
import type { NewToken, TokenList } from "@longwire/shared/api/tokens.ts";
import type { Problem } from "@longwire/shared/api/views.ts";
import type { NewWebhook, WebhookList } from "@longwire/shared/api/webhooks.ts";
import { commandMemoryMs } from "@longwire/shared/limits.ts";
import { call, newWorkspace, type NewWorkspace } from "../fixtures/new-workspace.ts";

let own: NewWorkspace;

beforeAll(async () => {
  own = await newWorkspace();
});

const ask = (path: string, body: object, key: string, token = own.adminToken): Promise<Response> =>
  call("POST", path, token, body, { "Idempotency-Key": key });

async function made<T>(path: string, body: object, key: string, token?: string): Promise<T> {
  const response = await ask(path, body, key, token);
  if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`);
  return await response.json<T>();
}

const sleep = async (): Promise<void> => await evictDurableObject(own.object, { webSockets: "hibernate" });
const token = { name: "ci", scopes: ["read"] };

test("[C2] [R67] a token asked for many times under one key is made once, and told the same each time", async () => {
  const first = await made<NewToken>("/v1/tokens", token, "t1");
  await sleep();
  const again = await Promise.all(Array.from({ length: 5 }, () => made<NewToken>("/v1/tokens", token, "t1")));
  expect(again).toEqual(Array.from({ length: 5 }, () => first));
  expect((await call("GET", "/v1/machines", first.token)).status).toBe(200);
  const { items } = await (await call("GET", "/v1/tokens", own.adminToken)).json<TokenList>();
  expect(items.filter(({ name }) => name === "ci")).toHaveLength(1);
});

test("[C2] [R67] at one time as well", async () => {
  const all = await Promise.all(
    Array.from({ length: 8 }, () => made<NewToken>("/v1/tokens", { ...token, name: "eight" }, "t8")),
  );
  expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1);
  const { items } = await (await call("GET", "/v1/tokens", own.adminToken)).json<TokenList>();
  expect(items.filter(({ name }) => name === "eight")).toHaveLength(1);
});

test("[C2] [R67] so are join codes, sign-ins and webhooks", async () => {
  const invite = { kind: "machine" };
  expect(await made<Invite>("/v1/invites", invite, "i")).toEqual(await made<Invite>("/v1/invites", invite, "i"));
  expect(await made<NewSignIn>("/v1/sign-ins", {}, "s")).toEqual(await made<NewSignIn>("/v1/sign-ins", {}, "s"));
  const webhook = { url: "https://hooks.example/", events: ["ready"] };
  const first = await made<NewWebhook>("/v1/webhooks", webhook, "w");
  expect(await made<NewWebhook>("/v1/webhooks", webhook, "w")).toEqual(first);
  expect((await (await call("GET", "/v1/webhooks", own.adminToken)).json<WebhookList>()).items).toHaveLength(1);
});

test("[C2] another request under the same key is a conflict, and another token's is its own", async () => {
  await made<NewToken>("/v1/tokens", token, "conflict");
  for (const [path, body] of [
    ["/v1/tokens", { ...token, name: "other" }],
    ["/v1/invites", { kind: "machine" }],
  ] as const) {
    const response = await ask(path, body, "conflict");
    expect([response.status, (await response.json<Problem>()).code]).toEqual([409, "idempotency_conflict"]);
  }
  const other = await own.tokenFor({ scopes: ["admin", "read"] });
  const theirs = await made<NewToken>("/v1/tokens", token, "conflict", other.token);
  expect(theirs.token).not.toBe((await made<NewToken>("/v1/tokens", token, "conflict")).token);
});

test("[C2] what was refused is not kept as the answer", async () => {
  const request = { ...token, name: "for later", machines: ["later"] };
  expect((await ask("/v1/tokens", request, "later")).status).toBe(422);
  const { join } = await made<Invite>("/v1/invites", { kind: "machine" }, "for later");
  const facts = { name: "later", os: "linux", arch: "x64", runner_version: "1", join };
  expect((await call("POST", "/v1/enroll", null, facts)).status).toBe(201);
  expect((await ask("/v1/tokens", request, "later")).status).toBe(201);
});

test("[R67] without the asking token nothing that is kept tells the secret, and after a day nothing does", async () => {
  const first = await made<NewToken>("/v1/tokens", { ...token, name: "kept" }, "kept");
  const secret = first.token.slice(47);
  const rows = await runInDurableObject(own.object, (_, { storage }) => {
    const tables = ["answers", "tokens", "invites", "sign_ins"];
    return JSON.stringify(tables.map((table) => storage.sql.exec(`SELECT * FROM ${table}`).toArray()));
  });
  expect(rows).not.toContain(secret);
  expect(rows).not.toContain(own.adminToken.slice(47));
  await runInDurableObject(own.object, (_, { storage }) => {
    storage.sql.exec(`UPDATE answers SET created_at = ?`, Date.now() - commandMemoryMs - 1);
  });
  const next = await made<NewToken>("/v1/tokens", { ...token, name: "kept" }, "kept");
  expect(next.token).not.toBe(first.token);
});

test("[T5] a key that is empty or too long is refused", async () => {
  for (const key of ["", "x".repeat(256)]) expect((await ask("/v1/tokens", token, key)).status).toBe(422);
});
