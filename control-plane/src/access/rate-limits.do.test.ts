// The limits as deployed, each test with a client address of its own. A window of the platform may end in the middle of
// a test, so a limit is met after twice as many requests at the latest.

import { expect, test } from "vitest";
import type { Problem } from "@longwire/shared/api/views.ts";
import { formatToken, readTokenWorkspace } from "@longwire/shared/token.ts";
import { createApp } from "../api/app.ts";
import type { Env } from "../env.ts";
import { newWorkspace } from "../fixtures/new-workspace.ts";
import { limitedEnv } from "../fixtures/test-env.ts";

const app = createApp();
const origin = "http://127.0.0.1";
const guesses = 300;
const entries = 20;

let addresses = 0;
/** One that no other test has. */
const newAddress = (): string => `198.51.${Math.floor(Math.random() * 1e9)}.${++addresses}`;

/** The Worker's bindings, and how often it reached for an object. */
function countObjects(): { readonly env: Env; readonly reached: () => number } {
  let reached = 0;
  const counted = <T extends DurableObjectNamespace>(namespace: T): T =>
    new Proxy(namespace, {
      get(target, name) {
        if (name === "get" || name === "getByName") reached += 1;
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? (value.bind(target) as unknown) : value;
      },
    });
  const { MACHINES, WORKSPACES } = limitedEnv;
  return {
    env: { ...limitedEnv, MACHINES: counted(MACHINES), WORKSPACES: counted(WORKSPACES) },
    reached: () => reached,
  };
}

interface Asked {
  readonly env: Env;
  readonly address: string;
  readonly authorization?: string;
  readonly path?: string;
}

async function ask({ env, address, authorization, path = "/v1/machines/-/ws" }: Asked): Promise<Response> {
  const headers = {
    "CF-Connecting-IP": address,
    Upgrade: "websocket",
    "Sec-WebSocket-Protocol": "longwire.events.v1",
    ...(authorization === undefined ? {} : { Authorization: authorization }),
  };
  return await app.fetch(new Request(origin + path, { headers }), env);
}

/** Asks until the limit is met; how many were refused with 401 before. */
async function askUntilLimited(next: () => Promise<Response>, atMost: number): Promise<number> {
  for (let count = 0; count <= atMost; count++) {
    const response = await next();
    if (response.status === 401) continue;
    expect(response.status).toBe(429);
    const retryAfter = Number(response.headers.get("Retry-After"));
    expect(retryAfter).toBeGreaterThan(0);
    const problem = await response.json<Problem>();
    expect(problem).toMatchObject({ code: "rate_limited", retry_after_ms: retryAfter * 1000 });
    return count;
  }
  throw new Error(`${atMost} requests did not meet the limit`);
}

test("[T34] [T35] requests without a token or with what is none reach no object, and meet a limit by address", async () => {
  const { adminToken } = await newWorkspace();
  const { env, reached } = countObjects();
  const address = newAddress();
  const wrong = [undefined, "", "Bearer", "Basic x", "Bearer garbage", `Bearer ${adminToken}x`];
  const typo = `Bearer ${adminToken.slice(0, -1)}${adminToken.endsWith("0") ? "1" : "0"}`;
  const two = `Bearer ${adminToken}, Bearer ${adminToken}`;
  const all = [...wrong, typo, two];
  let at = 0;
  const next = (): Promise<Response> => {
    const authorization = all[at++ % all.length];
    return ask({ env, address, ...(authorization === undefined ? {} : { authorization }) });
  };
  expect(await askUntilLimited(next, 2 * guesses)).toBeGreaterThanOrEqual(guesses);
  expect(reached()).toBe(0);
  expect((await ask({ env, address: newAddress() })).status).toBe(401);
  // Whoever has a token is served from that address all the same.
  const good = { env, address, authorization: `Bearer ${adminToken}`, path: "/v1/machines" };
  expect((await ask(good)).status).toBe(200);
});

test("[T34] [T35] well-formed tokens that nobody knows meet the limit before their workspace is asked", async () => {
  const { adminToken } = await newWorkspace();
  const { env, reached } = countObjects();
  const address = newAddress();
  const workspace = readTokenWorkspace(adminToken) ?? new Uint8Array();
  const guess = (): string => `Bearer ${formatToken(workspace, crypto.getRandomValues(new Uint8Array(32)))}`;
  const good = { env, address, authorization: `Bearer ${adminToken}`, path: "/v1/machines" };
  expect((await ask(good)).status).toBe(200);
  const before = reached();
  const asked = await askUntilLimited(() => ask({ env, address, authorization: guess() }), 2 * guesses);
  expect(asked).toBeGreaterThanOrEqual(guesses - 1);
  expect(reached() - before).toBe(asked);
  // A token that was good a moment ago is no guess.
  expect((await ask({ ...good, path: "/v1/machines/nobody" })).status).toBe(404);
  expect((await ask(good)).status).toBe(200);
});

test("[T34] enrolling meets a limit of its own, also with the right key", async () => {
  const address = newAddress();
  const env = { ...limitedEnv, ENROLL_KEY: "the key" };
  const enroll = async (key: string): Promise<Response> => {
    const body = JSON.stringify({ name: "x", os: "linux", arch: "x64", runner_version: "1", enroll_key: key });
    const headers = { "Content-Type": "application/json", "CF-Connecting-IP": address };
    return await app.fetch(new Request(`${origin}/v1/enroll`, { method: "POST", headers, body }), env);
  };
  expect((await enroll("the key")).status).toBe(201);
  await askUntilLimited(() => enroll("wrong"), 2 * entries);
});

test("[T34] requests of one token meet a limit, and those of another go on", async () => {
  const { adminToken, tokenFor } = await newWorkspace();
  const { token: other } = await tokenFor({});
  // What the platform counts beside what is counted here first, as small as a test can wait for.
  let asked = 0;
  const limit = async ({ key }: { key: string }): Promise<RateLimitOutcome> => {
    asked += 1;
    return await limitedEnv.LIMIT_ENTRIES!.limit({ key: `test ${key}` });
  };
  const env = { ...limitedEnv, LIMIT_CALLS: { limit } };
  const call = (token: string): Promise<Response> =>
    ask({ env, address: "192.0.2.1", authorization: `Bearer ${token}`, path: "/v1/machines" });
  let served = 0;
  for (let response = await call(adminToken); response.status === 200; response = await call(adminToken)) served += 1;
  expect(served).toBeGreaterThanOrEqual(500);
  expect(asked).toBeGreaterThan(entries);
  const over = await call(adminToken);
  expect([over.status, over.headers.get("Retry-After")]).toEqual([429, "10"]);
  expect((await call(other)).status).toBe(200);
});
