// The document against the product it describes.

import { readFileSync } from "node:fs";
import path from "node:path";
import { Validator } from "@seriousme/openapi-schema-validator";
import { beforeAll, expect, test } from "vitest";
import { Documented, type Asked, type Given } from "../support/documented.ts";
import { useProduct } from "../support/use-product.ts";

const used = useProduct({ args: ["--allow-all"], env: { LONGWIRE_SECURITY_CONTACT: "mailto:flaws@longwire.example" } });
let documented: Documented;

beforeAll(async () => {
  documented = await Documented.open(used.product.ready);
});

const processes = "/v1/machines/-/processes";

/** Answered as documented, and with this status. */
async function expectStatus(status: number, method: string, address: string, asked?: Asked): Promise<Given> {
  const given = await documented.ask(method, address, asked);
  expect([method, address, given.status, given.text]).toEqual([method, address, status, given.text]);
  return given;
}

const get = async (address: string, asked?: Asked): Promise<Given> => await expectStatus(200, "GET", address, asked);
const post = async (address: string, body: unknown, status = 200): Promise<Given> =>
  await expectStatus(status, "POST", address, { body });

test("[R45] the document is valid OpenAPI 3.1", async () => {
  const { valid, errors } = await new Validator().validate({ ...documented.document });
  expect({ valid, errors }).toEqual({ valid: true, errors: undefined });
});

test("[R46] answers fit the document: every operation that is no socket, asked on the product", async () => {
  const { token, machine_id: machineId } = used.product.ready;
  await get("/healthz", { token: null });
  await get("/docs", { token: null });
  await get("/llms.txt", { token: null });
  await get("/.well-known/security.txt", { token: null });
  const { headers } = await get("/openapi.json", { token: null });
  await expectStatus(304, "GET", "/openapi.json", { headers: { "If-None-Match": headers.get("ETag") ?? "" } });

  await get("/v1/machines?limit=1");
  await get("/v1/machines/-");
  await get(`/v1/machines/${machineId}?metrics=true`);
  const waited = await post(
    `${processes}?until=exit&wait_ms=30000`,
    { command: "echo hello; exit 3", name: "build" },
    201,
  );
  expect(waited.body).toMatchObject({ returncode: 3, wait: { ended_by: "exit" } });
  await post(`${processes}/build/restart?until=exit&wait_ms=30000`, {}, 201);
  await post(processes, { argv: ["cat"], name: "cat", tty: true }, 201);
  await post(processes, { argv: ["cat"], name: "cat", if_running: "reuse" });
  await get(`${processes}?state=all&limit=1&metrics=true`);
  await get(`${processes}/cat?metrics=true`);
  await get(`${processes}/build/runs`);
  await post(`${processes}/cat/input`, { text: "one", enter: true });
  await post(`${processes}/cat/input?until=match&pattern=two&wait_ms=30000`, { text: "two", enter: true });
  await get(`${processes}/cat/wait?until=output&after=1.0`);
  await get(`${processes}/cat/wait?until=match&pattern=never&wait_ms=1`);
  for (const query of ["", "?format=json", "?format=digest", "?format=raw", "?until=output&after=1.0&format=json"]) {
    await get(`${processes}/cat/output${query}`);
  }
  await get(`${processes}/build/compare`);
  await get("/v1/machines/-/search?pattern=two&context=1");
  await get("/v1/search?pattern=hello");
  await post(`${processes}/cat/resize`, { cols: 100, rows: 30 });
  await post(`${processes}/cat/pause`, {});
  await post(`${processes}/cat/resume`, {});
  await post(`${processes}/cat/signal`, { signal: "SIGCONT", tree: true });
  await post(`${processes}/stop`, { contains: "cat" });
  await post(processes, { argv: ["cat"], name: "cat" }, 201);
  await post(`${processes}/cat/stop`, {});
  await expectStatus(204, "DELETE", `${processes}/cat`);
  await get("/v1/machines/-/events?after=0&limit=1000");
  await get("/v1/machines/-/approvals");

  const made = await post("/v1/tokens", { name: "ci", scopes: ["read"] }, 201);
  await get("/v1/tokens?limit=1");
  await expectStatus(204, "DELETE", `/v1/tokens/${String(made.body["id"])}`);
  const invited = await post("/v1/invites", { kind: "token", name: "guest", scopes: ["read"] }, 201);
  await expectStatus(201, "POST", "/v1/invites/redeem", { body: { join: invited.body["join"] }, token: null });
  const { body: signIn } = await post("/v1/sign-ins", {}, 201);
  const { body: session } = await expectStatus(201, "POST", "/v1/sessions", {
    ...{ body: { secret: signIn["secret"] }, token: null },
  });
  await expectStatus(204, "DELETE", "/v1/sessions", { token: String(session["token"]) });
  await post("/v1/tickets", {}, 201);
  await get("/v1/machines/-/audit?limit=100");
  await get("/v1/audit?limit=100");
  const enrollKey = readFileSync(path.join(used.product.data, "enroll-key"), "utf8");
  const facts = { name: "other", os: "linux", arch: "x64", runner_version: "1" };
  const enrolled = await expectStatus(201, "POST", "/v1/enroll", {
    ...{ body: { ...facts, enroll_key: enrollKey }, token: null },
  });
  await expectStatus(204, "DELETE", "/v1/machines/other", { token: String(enrolled.body["admin_token"]) });
  expect(token).not.toBe("");

  const succeeded = [...documented.seen].filter(([, statuses]) => [...statuses].some((status) => status < 400));
  const left = documented.operationIds.filter((id) => !succeeded.some(([seen]) => seen === id));
  // Sockets have tests of their own, and in this mode nothing waits for the owner.
  expect(left.toSorted()).toEqual(["decideApproval", "openLink", "openViewerSocket"]);
});

test("[R46] refusals fit the document, each with a code it gives for that operation", async () => {
  const key = { "Idempotency-Key": "used" };
  const ended = `${processes}?until=exit&wait_ms=30000`;
  await expectStatus(201, "POST", ended, { body: { command: "true", name: "done" }, headers: key });
  await post(processes, { argv: ["cat"], name: "lives" }, 201);
  for (const [status, method, address, asked] of [
    [401, "GET", "/v1/machines", { token: null }],
    [401, "POST", "/v1/enroll", { body: { name: "x", os: "x", arch: "x", runner_version: "x" }, token: null }],
    [401, "POST", "/v1/sessions", { body: { secret: "nothing" }, token: null }],
    [403, "GET", "/v1/machines", { headers: { Origin: "https://evil.example" } }],
    [403, "DELETE", "/v1/sessions", { body: {} }],
    [404, "GET", "/v1/machines/nobody", {}],
    [404, "GET", `${processes}/p999/output`, {}],
    [403, "POST", "/v1/machines/-/approvals/000000000000", { body: { decision: "once" } }],
    [404, "DELETE", "/v1/tokens/nothing", {}],
    [409, "POST", ended, { body: { command: "false", name: "done" }, headers: key }],
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
    [431, "GET", "/healthz", { headers: { x: "x".repeat(40_000) } }],
  ] as const satisfies readonly (readonly [number, string, string, Asked])[]) {
    await expectStatus(status, method, address, asked);
  }
});
