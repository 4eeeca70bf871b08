import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import type { NewSession, NewSignIn } from "@longwire/shared/api/sessions.ts";
import type { TokenList } from "@longwire/shared/api/tokens.ts";
import { sessionLifeMs, signInLifeMs } from "@longwire/shared/limits.ts";
import { call, codeOf, newWorkspace, openEnv, type NewWorkspace } from "../fixtures/new-workspace.ts";
import { SocketLog } from "../fixtures/socket-log.ts";
import { createApp } from "./app.ts";

const app = createApp();
const page = "https://127.0.0.1";
let own: NewWorkspace;

beforeEach(async () => {
  own = await newWorkspace();
});

async function secretOf(token: string, body: object = {}): Promise<string> {
  const response = await call("POST", "/v1/sign-ins", token, body);
  expect(response.status).toBe(201);
  const { secret, expires_at: ends } = await response.json<NewSignIn>();
  expect(Date.parse(ends) - Date.now()).toBeLessThanOrEqual(signInLifeMs);
  return secret;
}

async function signIn(secret: string): Promise<NewSession> {
  const response = await call("POST", "/v1/sessions", null, { secret });
  expect(response.status).toBe(201);
  return await response.json<NewSession>();
}

/** A request of the page over https, with its cookie where it has one. */
async function ask(method: string, path: string, headers: Record<string, string>, body?: object): Promise<Response> {
  const init = {
    method,
    headers: { ...(body === undefined ? {} : { "Content-Type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  };
  return await app.fetch(new Request(page + path, init), openEnv);
}

test("[T38] a secret gives one session, whoever is first; over http the page gets a token", async () => {
  const secret = await secretOf(own.adminToken);
  await evictDurableObject(own.object);
  const answers = await Promise.all(Array.from({ length: 20 }, () => call("POST", "/v1/sessions", null, { secret })));
  expect(answers.filter(({ status }) => status === 401)).toHaveLength(19);
  const first = answers.find(({ status }) => status === 201);
  expect(first?.headers.has("Set-Cookie")).toBe(false);
  expect(first?.headers.get("Cache-Control")).toBe("no-store");
  const session = (await first?.json()) as NewSession;
  expect(session).toMatchObject({ kind: "session", machines: null, name: "session of admin" });
  expect(Date.parse(session.expires_at ?? "") - Date.now()).toBeLessThanOrEqual(sessionLifeMs);
  expect((await call("GET", "/v1/machines", session.token ?? "")).status).toBe(200);
});

test("[T38] over https a session is a cookie and in no answer; what acts with it must come from a page of ours", async () => {
  const secret = await secretOf(own.adminToken);
  const signedIn = await ask("POST", "/v1/sessions", { Origin: page }, { secret });
  expect(signedIn.status).toBe(201);
  const [cookie = "", ...attributes] = (signedIn.headers.get("Set-Cookie") ?? "").split("; ");
  expect(cookie).toMatch(/^__Host-longwire=lw_/);
  expect(attributes).toEqual(expect.arrayContaining(["Secure", "HttpOnly", "SameSite=Strict", "Path=/"]));
  const session = await signedIn.json<NewSession>();
  expect(session.token).toBeUndefined();
  const { machineId } = own;
  const socket = { Upgrade: "websocket", "Sec-WebSocket-Protocol": "longwire.events.v1", Cookie: cookie };
  expect((await ask("GET", "/v1/machines", { Cookie: cookie })).status).toBe(200);
  expect((await ask("POST", "/v1/tickets", { Cookie: cookie, Origin: page }, {})).status).toBe(201);
  const sameOrigin = { Cookie: cookie, "Sec-Fetch-Site": "same-origin" };
  expect((await ask("POST", "/v1/tickets", sameOrigin, {})).status).toBe(201);
  for (const more of [{}, { Origin: "https://evil.example" }, { Origin: "null" }, { "Sec-Fetch-Site": "cross-site" }]) {
    for (const refused of [
      await ask("POST", "/v1/tickets", { Cookie: cookie, ...more }, {}),
      await ask("GET", `/v1/machines/${machineId}/ws`, { ...socket, ...more }),
      await ask("DELETE", "/v1/sessions", { Cookie: cookie, ...more }),
    ]) {
      expect(await codeOf(refused)).toEqual([403, "host_not_allowed"]);
    }
  }
  const opened = await ask("GET", `/v1/machines/${machineId}/ws`, { ...socket, Origin: page });
  expect(opened.status).toBe(101);
  if (opened.webSocket === null) throw new Error("no socket");
  const log = new SocketLog(opened.webSocket);
  const signedOut = await ask("DELETE", "/v1/sessions", { Cookie: cookie, Origin: page });
  expect(signedOut.status).toBe(204);
  expect(signedOut.headers.get("Set-Cookie")).toMatch(/^__Host-longwire=; .*Max-Age=0/);
  expect((await log.closed).code).toBe(4401);
  expect((await ask("GET", "/v1/machines", { Cookie: cookie })).status).toBe(401);
});

test("[T38] a cookie with another token is none, nor is one over http; a form signs nobody in", async () => {
  const cookie = `__Host-longwire=${own.adminToken}`;
  for (let time = 0; time < 2; time++) {
    expect((await ask("GET", "/v1/machines", { Cookie: cookie })).status).toBe(401);
    expect((await call("GET", "/v1/machines", own.adminToken)).status).toBe(200);
  }
  const { token = "" } = await signIn(await secretOf(own.adminToken));
  const inClear = await call("GET", "/v1/machines", null, undefined, { Cookie: `__Host-longwire=${token}` });
  expect(inClear.status).toBe(401);
  const secret = await secretOf(own.adminToken);
  const form = { "Content-Type": "text/plain", Origin: page };
  expect((await ask("POST", "/v1/sessions", form, { secret })).status).toBe(415);
  expect((await ask("POST", "/v1/sessions", { Origin: "https://evil.example" }, { secret })).status).toBe(403);
});

test("[T38] a session reaches what its secret was made for, and no further than who made it", async () => {
  const day = await own.tokenFor({ scopes: ["admin", "read"], expires_in_ms: 3600_000 });
  const { token = "", ...session } = await signIn(await secretOf(day.token, { scopes: ["read"] }));
  expect(session).toMatchObject({ scopes: ["read"], expires_at: day.expires_at });
  expect(await codeOf(await call("POST", "/v1/machines/-/processes", token, { command: "x" }))).toEqual([
    403,
    "insufficient_scope",
  ]);
  const further = await call("POST", "/v1/sign-ins", day.token, { scopes: ["run"] });
  expect(await codeOf(further)).toEqual([403, "insufficient_scope"]);
  const reader = await own.tokenFor({ scopes: ["read"] });
  expect((await call("POST", "/v1/sign-ins", reader.token, {})).status).toBe(403);
});

test("[T38] sessions stand among the tokens and are revoked like them; a token that is none is not signed out", async () => {
  const { id, token = "" } = await signIn(await secretOf(own.adminToken));
  const { items } = await (await call("GET", "/v1/tokens", own.adminToken)).json<TokenList>();
  expect(items.find((one) => one.id === id)).toMatchObject({ kind: "session", scopes: expect.any(Array) as unknown });
  expect(await codeOf(await call("DELETE", "/v1/sessions", own.adminToken))).toEqual([403, "insufficient_scope"]);
  expect((await call("DELETE", `/v1/tokens/${id}`, own.adminToken)).status).toBe(204);
  expect((await call("GET", "/v1/machines", token)).status).toBe(401);
});

test("[T38] [T3] a secret is kept as a hash, ends after 5 minutes, and with the token it was made with", async () => {
  const secret = await secretOf(own.adminToken);
  const rows = await runInDurableObject(own.object, (_, { storage }) => {
    const text = JSON.stringify(storage.sql.exec(`SELECT * FROM sign_ins`).toArray());
    storage.sql.exec(`UPDATE sign_ins SET expires_at = ?`, Date.now());
    return text;
  });
  expect(rows).toMatch(/"hash":"[0-9a-f]{64}"/);
  expect(rows).not.toContain(secret.slice(47));
  expect((await call("POST", "/v1/sessions", null, { secret })).status).toBe(401);
  const maker = await own.tokenFor({ scopes: ["admin", "read"] });
  const left = await secretOf(maker.token);
  expect((await call("DELETE", `/v1/tokens/${maker.id}`, own.adminToken)).status).toBe(204);
  expect((await call("POST", "/v1/sessions", null, { secret: left })).status).toBe(401);
  for (const wrong of ["", "x", own.adminToken, own.machineToken, left.slice(0, -1)]) {
    expect(await codeOf(await call("POST", "/v1/sessions", null, { secret: wrong }))).toEqual([401, "unauthorized"]);
  }
  // Nor is a secret a token.
  expect((await call("GET", "/v1/machines", await secretOf(own.adminToken))).status).toBe(401);
});
