import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeAll, expect, test } from "vitest";
import type { NewToken, Token, TokenList } from "@longwire/shared/api/tokens.ts";
import type { Problem } from "@longwire/shared/api/views.ts";
import { scopes } from "@longwire/shared/scopes.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { call, newWorkspace, type NewWorkspace } from "../fixtures/new-workspace.ts";

let own: NewWorkspace;

beforeAll(async () => {
  own = await newWorkspace();
});

async function list(token: string, query = ""): Promise<TokenList> {
  return await (await call("GET", `/v1/tokens${query}`, token)).json<TokenList>();
}

const sleep = async (): Promise<void> => await evictDurableObject(own.object, { webSockets: "hibernate" });

test("[T20] a token is told once, and listed without its text, also after the object slept", async () => {
  const made = await own.tokenFor({ name: "a laptop", scopes: ["read", "run"] });
  expect(made.token).toMatch(/^lw_/);
  expect(made).toMatchObject({ name: "a laptop", scopes: ["read", "run"], machines: null, expires_at: null });
  await sleep();
  const { token, ...listed } = made;
  expect((await list(own.adminToken)).items).toContainEqual(listed);
  expect((await call("GET", "/v1/machines", token)).status).toBe(200);
  const rows = await runInDurableObject(own.object, (_, state) =>
    JSON.stringify(state.storage.sql.exec(`SELECT * FROM tokens`).toArray()),
  );
  expect(rows).not.toContain(token.slice(47));
});

test("[T20] the list goes on behind its cursor, oldest first, with the machine's own token in it", async () => {
  const { items } = await list(own.adminToken);
  expect(items).toContainEqual(expect.objectContaining({ kind: "machine", name: "box", machines: [own.machineId] }));
  const paged: Token[] = [];
  let cursor = "";
  do {
    const page = await list(own.adminToken, `?limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`);
    paged.push(...page.items);
    cursor = page.next_cursor ?? "";
  } while (cursor !== "");
  expect(paged).toEqual(items);
});

test("[T20] a token that has ended is refused like one that never was, and not listed", async () => {
  const short = await own.tokenFor({ expires_in_ms: 1000 });
  expect((await call("GET", "/v1/machines", short.token)).status).toBe(200);
  await waitUntil("it ended", async () => (await call("GET", "/v1/machines", short.token)).status === 401);
  expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(short.expires_at ?? ""));
  expect((await list(own.adminToken)).items.map(({ id }) => id)).not.toContain(short.id);
});

test("[T20] the use of a token is noted once in an hour", async () => {
  const { id, token } = await own.tokenFor({});
  const used = async (): Promise<string | null | undefined> =>
    (await list(own.adminToken)).items.find((item) => item.id === id)?.last_used_at;
  expect(await used()).toBeNull();
  await call("GET", "/v1/machines", token);
  const first = await used();
  expect(first).not.toBeNull();
  await call("GET", "/v1/machines/nobody", token);
  expect(await used()).toBe(first);
  const hourAgo = Date.now() - 3600_000;
  await runInDurableObject(own.object, (_, state) => {
    state.storage.sql.exec(`UPDATE tokens SET last_used_at = ? WHERE id = ?`, hourAgo, id);
  });
  await call("GET", "/v1/machines/nobody", token);
  expect(Date.parse((await used()) ?? "")).toBeGreaterThan(hourAgo);
});

test("[T21] nobody makes a token that reaches more than its own", async () => {
  const limited = await own.tokenFor({ scopes: ["admin", "read"], machines: ["box"], expires_in_ms: 60_000 });
  expect(limited.machines).toEqual([own.machineId]);
  const ask = async (request: object): Promise<Response> =>
    await call("POST", "/v1/tokens", limited.token, { name: "more", scopes: ["read"], ...request });
  const wider = await ask({ scopes: ["run"] });
  expect([wider.status, (await wider.json<Problem>()).code]).toEqual([403, "insufficient_scope"]);
  const other = await newWorkspace("other");
  for (const machine of [other.machineId, "other", "nobody"]) {
    const response = await ask({ machines: [machine] });
    expect(response.status).toBe(422);
    expect((await response.json<Problem>()).errors).toContainEqual({
      path: "machines.0",
      message: expect.stringContaining(machine) as string,
    });
  }
  const inner = await (await ask({ expires_in_ms: 3600_000 })).json<NewToken>();
  expect(inner).toMatchObject({ machines: [own.machineId], expires_at: limited.expires_at });
});

test("[T21] a token for some machines sees and revokes only tokens for those", async () => {
  const limited = await own.tokenFor({ scopes: ["admin"], machines: ["box"] });
  const wide = await own.tokenFor({});
  const narrow = await own.tokenFor({ machines: ["box"] });
  const ids = (await list(limited.token)).items.map(({ id }) => id);
  expect(ids).toContain(narrow.id);
  expect(ids).not.toContain(wide.id);
  expect((await call("DELETE", `/v1/tokens/${wide.id}`, limited.token)).status).toBe(404);
  expect((await call("DELETE", `/v1/tokens/${narrow.id}`, limited.token)).status).toBe(204);
});

test("[T23] a revoked token is refused, and what it asks for meanwhile is not done", async () => {
  const { id, token } = await own.tokenFor({ scopes: ["admin", "read"] });
  expect((await call("GET", "/v1/tokens", token)).status).toBe(200);
  expect((await call("DELETE", `/v1/tokens/${id}`, own.adminToken)).status).toBe(204);
  for (const path of ["/v1/tokens", "/v1/machines"]) expect((await call("GET", path, token)).status).toBe(401);
  const asked = { id: "tok_x", hash: "h" };
  const late = await own.object.createToken(id, asked, { name: "late", scopes: ["read"] });
  expect(late).toMatchObject({ ok: false, refusal: { code: "unauthorized" } });
  expect((await call("DELETE", `/v1/tokens/${id}`, own.adminToken)).status).toBe(404);
});

test("[T21] the last token that can look after the workspace for ever is not revoked", async () => {
  const alone = await newWorkspace("alone");
  const [admin] = (await list(alone.adminToken)).items.filter(({ kind }) => kind === "operator");
  const path = `/v1/tokens/${admin?.id}`;
  await alone.tokenFor({ scopes: ["admin"], expires_in_ms: 60_000 });
  await alone.tokenFor({ scopes: ["admin"], machines: ["alone"] });
  expect((await call("DELETE", path, alone.adminToken)).status).toBe(409);
  const next = await alone.tokenFor({ scopes: [...scopes] });
  expect((await call("DELETE", path, next.token)).status).toBe(204);
  expect((await call("GET", "/v1/tokens", alone.adminToken)).status).toBe(401);
});

test.for([
  { name: "no name", body: { scopes: ["read"] } },
  { name: "a name with a line break", body: { name: "a\nb", scopes: ["read"] } },
  { name: "no scope", body: { name: "a", scopes: [] } },
  { name: "an unknown scope", body: { name: "a", scopes: ["root"] } },
  { name: "a scope twice", body: { name: "a", scopes: ["read", "read"] } },
  { name: "no machine", body: { name: "a", scopes: ["read"], machines: [] } },
  { name: "an unknown field", body: { name: "a", scopes: ["read"], admin: true } },
])("[T5] a token with $name is refused", async ({ body }) => {
  expect((await call("POST", "/v1/tokens", own.adminToken, body)).status).toBe(422);
});
