// Every operation that is no socket, asked so that it succeeds, and refusals of each kind: the answers are held to the
// document by whoever asks. Both can be asked again of the same product.

import { readFileSync } from "node:fs";
import path from "node:path";
import type { Asked, Documented, Given } from "../support/documented.ts";
import { root, type Product } from "../support/product.ts";

const processes = "/v1/machines/-/processes";

/** The policy of a product that is asked: one that asks its owner about all but this, and takes the answer from anywhere. */
export const askedPolicy = {
  mode: "ask",
  approve: ["dashboard"],
  always: [
    ...["echo hello; exit 3", "true"].map((command) => ({ command, cwd: path.resolve(root) })),
    { argv: ["cat"], cwd: path.resolve(root) },
  ],
} as const;

/** Has a contact to show. */
export const askedEnvironment = { LONGWIRE_SECURITY_CONTACT: "mailto:flaws@longwire.example" };

/** Answered as documented, and with this status. */
async function expectStatus(
  documented: Documented,
  status: number,
  method: string,
  address: string,
  asked?: Asked,
): Promise<Given> {
  const given = await documented.ask(method, address, asked);
  if (given.status === status) return given;
  throw new Error(`${method} ${address}: ${given.status} instead of ${status}: ${given.text}`);
}

export async function askEveryOperation(documented: Documented, { ready, data }: Product): Promise<void> {
  const expect = async (status: number, method: string, address: string, asked?: Asked): Promise<Given> =>
    await expectStatus(documented, status, method, address, asked);
  const get = async (address: string, asked?: Asked): Promise<Given> => await expect(200, "GET", address, asked);
  const post = async (address: string, body: unknown, status = 200): Promise<Given> =>
    await expect(status, "POST", address, { body });

  await get("/healthz", { token: null });
  const { text: page } = await get("/", { token: null });
  await get(/"(\/assets\/[^"]+\.js)"/.exec(page)?.[1] ?? "", { token: null });
  await get("/docs", { token: null });
  await get("/llms.txt", { token: null });
  await get("/.well-known/security.txt", { token: null });
  const { headers } = await get("/openapi.json", { token: null });
  await expect(304, "GET", "/openapi.json", { headers: { "If-None-Match": headers.get("ETag") ?? "" } });

  await post("/mcp", { jsonrpc: "2.0", id: 1, method: "tools/list", params: {} });
  await expect(202, "POST", "/mcp", { body: { jsonrpc: "2.0", method: "notifications/initialized" } });
  await get("/v1/machines?limit=1");
  await get("/v1/machines/-");
  await get(`/v1/machines/${ready.machine_id}?metrics=true`);
  await post(`${processes}?until=exit&wait_ms=30000`, { command: "echo hello; exit 3", name: "build" }, 201);
  await post(`${processes}/build/restart?until=exit&wait_ms=30000`, {}, 201);
  await post(processes, { argv: ["cat"], name: "cat", tty: true, tags: ["one"] }, 201);
  await post(processes, { argv: ["cat"], name: "cat", if_running: "reuse" });
  await get(`${processes}?state=all&limit=1&metrics=true`);
  await get(`${processes}?state=live&tag=one&name=cat`);
  await get(`${processes}/cat?metrics=true`);
  await get(`${processes}/build/runs?limit=1`);
  await post(`${processes}/cat/input`, { text: "one", enter: true });
  await post(`${processes}/cat/input?until=match&pattern=two&wait_ms=30000`, { text: "two", enter: true });
  await get(`${processes}/cat/wait?until=output&after=1.0`);
  await get(`${processes}/cat/wait?until=match&until=idle&pattern=never&idle_ms=1000&wait_ms=1`);
  for (const query of ["", "?format=json", "?format=digest", "?format=raw", "?until=output&after=1.0&format=json"]) {
    await get(`${processes}/cat/output${query}`);
  }
  await get(`${processes}/cat/output?tail=1&stream=tty&grep=two&context=1&timestamps=true&max_chars=1000`);
  await get(`${processes}/build/compare?run=2&with=1&max_chars=1000`);
  await get("/v1/machines/-/search?pattern=two&process=cat&context=1&limit=5");
  await get("/v1/search?pattern=hello&since=2026-01-01T00:00:00Z");
  await post(`${processes}/cat/resize`, { cols: 100, rows: 30 });
  await post(`${processes}/cat/pause`, {});
  await post(`${processes}/cat/resume`, {});
  await post(`${processes}/cat/signal`, { signal: "SIGCONT", tree: true });
  await post(`${processes}/stop`, { contains: "cat" });
  await post(processes, { argv: ["cat"], name: "cat" }, 201);
  await post(`${processes}/cat/stop`, { signal: "SIGTERM", grace_ms: 1000 });
  await expect(204, "DELETE", `${processes}/cat`);
  await get("/v1/machines/-/events?after=0&limit=1000");
  await get("/v1/machines/-/events?after=0&type=started&process=build&wait_ms=1000");

  await post(processes, { command: "echo asked", name: "asked" }, 201);
  const waiting = (await get("/v1/machines/-/approvals")).body["items"] as readonly { readonly approval_id: string }[];
  await post(`/v1/machines/-/approvals/${waiting[0]?.approval_id ?? ""}`, { decision: "once" });
  await get(`${processes}/asked/wait?wait_ms=30000`);

  const made = await post("/v1/tokens", { name: "ci", scopes: ["read"] }, 201);
  await get("/v1/tokens?limit=1");
  await expect(204, "DELETE", `/v1/tokens/${String(made.body["id"])}`);
  const hook = await post("/v1/webhooks", { url: "https://example.invalid/", events: ["offline"] }, 201);
  await get("/v1/webhooks?limit=1");
  await expect(204, "DELETE", `/v1/webhooks/${String(hook.body["id"])}`);
  const invited = await post("/v1/invites", { kind: "token", name: "guest", scopes: ["read"] }, 201);
  await expect(201, "POST", "/v1/invites/redeem", { body: { join: invited.body["join"] }, token: null });
  const { body: signIn } = await post("/v1/sign-ins", {}, 201);
  const { body: session } = await expect(201, "POST", "/v1/sessions", {
    ...{ body: { secret: signIn["secret"] }, token: null },
  });
  await expect(204, "DELETE", "/v1/sessions", { token: String(session["token"]) });
  await get("/v1/sessions");
  await post("/v1/tickets", {}, 201);
  const clientInfo = { name: "asks", version: "1" };
  await expect(200, "POST", "/mcp", {
    headers: { Accept: "application/json, text/event-stream" },
    body: {
      ...{ jsonrpc: "2.0", id: 1, method: "initialize" },
      params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo },
    },
  });
  await get("/v1/machines/-/audit?limit=100");
  await get("/v1/audit?limit=100");
  const enrollKey = readFileSync(path.join(data, "enroll-key"), "utf8");
  const facts = { name: "other", os: "linux", arch: "x64", runner_version: "1" };
  const enrolled = await expect(201, "POST", "/v1/enroll", {
    ...{ body: { ...facts, enroll_key: enrollKey }, token: null },
  });
  await expect(204, "DELETE", "/v1/machines/other", { token: String(enrolled.body["admin_token"]) });
}

/** `key`: an `Idempotency-Key` that was not used yet. */
export async function askForRefusals(documented: Documented, key: string): Promise<void> {
  const ended = `${processes}?until=exit&wait_ms=30000`;
  const headers = { "Idempotency-Key": key };
  await expectStatus(documented, 201, "POST", ended, { body: { command: "true", name: "done" }, headers });
  await expectStatus(documented, 201, "POST", processes, { body: { argv: ["cat"], name: "lives" } });
  for (const [status, method, address, asked] of [
    [401, "GET", "/v1/machines", { token: "lw_nobody" }],
    [401, "POST", "/v1/enroll", { body: { name: "x", os: "x", arch: "x", runner_version: "x" }, token: null }],
    [401, "POST", "/v1/sessions", { body: { secret: "nothing" }, token: null }],
    [403, "GET", "/v1/machines", { headers: { Origin: "https://evil.example" } }],
    [403, "DELETE", "/v1/sessions", { body: {} }],
    [404, "GET", "/v1/machines/nobody", {}],
    [404, "GET", `${processes}/p999/output`, {}],
    [404, "POST", "/v1/machines/-/approvals/000000000000", { body: { decision: "once" } }],
    [404, "DELETE", "/v1/tokens/nothing", {}],
    [404, "DELETE", "/v1/webhooks/nothing", {}],
    [422, "POST", "/v1/webhooks", { body: { url: "http://10.0.0.1/", events: ["exited"] } }],
    [409, "POST", ended, { body: { command: "false", name: "done" }, headers }],
    [409, "POST", processes, { body: { command: "true", name: "lives" } }],
    [409, "DELETE", `${processes}/lives`, {}],
    [409, "POST", `${processes}/done/input`, { body: { text: "x" } }],
    [410, "POST", "/v1/invites/redeem", { body: { join: "nothing" }, token: null }],
    [414, "GET", `/v1/machines?cursor=${"x".repeat(9000)}`, {}],
    [415, "POST", processes, { body: {}, headers: { "Content-Type": "text/plain" } }],
    [422, "POST", processes, { body: { command: "true", surprise: 1 } }],
    [422, "GET", `${processes}?state=odd`, {}],
    [422, "GET", `${processes}/done/wait?until=match`, {}],
    [422, "POST", processes, { body: { command: "true" }, headers: { "Idempotency-Key": "x".repeat(300) } }],
    [426, "GET", "/v1/machines/-/ws", {}],
  ] as const satisfies readonly (readonly [number, string, string, Asked])[]) {
    await expectStatus(documented, status, method, address, asked);
  }
  await expectStatus(documented, 200, "POST", `${processes}/lives/stop`, { body: {} });
}
