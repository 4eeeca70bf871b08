import { evictDurableObject, listDurableObjectIds, runInDurableObject } from "cloudflare:test";
import { beforeAll, expect, test } from "vitest";
import type { EnrollAnswer, Problem } from "@longwire/shared/api/views.ts";
import { maxBodyBytes } from "@longwire/shared/limits.ts";
import { formatToken, readTokenWorkspace, toHex } from "@longwire/shared/token.ts";
import type { Env } from "../env.ts";
import { machineOfId } from "../fixtures/new-workspace.ts";
import { ScriptedRunner, spoolA, spoolB, started, starting } from "../fixtures/scripted-runner.ts";
import { testEnv } from "../fixtures/test-env.ts";
import type { Machine } from "../machine/machine.ts";
import { createApp } from "./app.ts";

const app = createApp();
const origin = "http://127.0.0.1";
const env: Env = { ...testEnv, ENROLL_KEY: "the key", ALLOWED_HOSTS: "127.0.0.1,localhost" };

let enrolled: EnrollAnswer;
let machine: DurableObjectStub<Machine>;

interface Call {
  readonly method?: string;
  readonly token?: string | null;
  readonly body?: unknown;
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

async function call(path: string, options: Call = {}): Promise<Response> {
  const token = options.token === undefined ? enrolled.admin_token : options.token;
  const body = options.text ?? (options.body === undefined ? null : JSON.stringify(options.body));
  const headers = {
    ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
    ...(body === null ? {} : { "Content-Type": "application/json" }),
    ...options.headers,
  };
  const method = options.method ?? (body === null ? "GET" : "POST");
  return await app.fetch(new Request(origin + path, { method, headers, body }), env);
}

const problemOf = async (response: Response): Promise<Problem> => await response.json<Problem>();

async function enroll(name: string): Promise<EnrollAnswer> {
  const body = { name, os: "linux", arch: "x64", runner_version: "1.2.3", enroll_key: "the key" };
  const response = await call("/v1/enroll", { token: null, body });
  expect(response.status).toBe(201);
  return await response.json<EnrollAnswer>();
}

beforeAll(async () => {
  enrolled = await enroll("devbox");
  machine = machineOfId(enrolled.machine_id);
});

const processes = "/v1/machines/-/processes";
const routes = [
  ["GET", "/v1/machines"],
  ["GET", "/v1/machines/-"],
  ["POST", processes],
  ["GET", processes],
  ["GET", `${processes}/p1`],
  ["GET", `${processes}/p1/wait`],
  ["POST", `${processes}/stop`],
  ...["stop", "signal", "input", "resize", "pause", "resume"].map((act) => ["POST", `${processes}/p1/${act}`] as const),
  ["GET", "/v1/machines/-/events"],
  ["GET", "/v1/machines/-/ws"],
  ["GET", "/v1/machines/-/audit"],
  ["GET", "/v1/audit"],
  ["GET", "/v1/link"],
  ["GET", "/v1/nothing"],
] as const;

test.for(routes)("[T1] %s %s refuses every kind of wrong token with 401", async ([method, path]) => {
  const foreign = formatToken(readTokenWorkspace(enrolled.admin_token) ?? new Uint8Array(), new Uint8Array(32));
  for (const token of [null, "", "garbage", `${enrolled.admin_token}x`, foreign]) {
    const response = await call(path, { method, token });
    expect(response.status).toBe(401);
    expect(response.headers.get("WWW-Authenticate")).toMatch(/^Bearer/);
    expect(await problemOf(response)).toMatchObject({ code: "unauthorized", status: 401 });
  }
  expect((await call(`${path}?token=${enrolled.admin_token}`, { method, token: null })).status).toBe(401);
});

test("[T1] a token of a workspace that was never made reaches no object", async () => {
  const before = await listDurableObjectIds(env.WORKSPACES);
  const token = formatToken(crypto.getRandomValues(new Uint8Array(32)), new Uint8Array(32));
  expect((await call("/v1/machines", { token })).status).toBe(401);
  expect(await listDurableObjectIds(env.WORKSPACES)).toHaveLength(before.length);
});

test("[T1] a machine's token opens its link and nothing else; an operator's does not open the link", async () => {
  for (const [method, path] of routes) {
    if (path === "/v1/link" || path === "/v1/nothing") continue;
    const response = await call(path, { method, token: enrolled.machine_token });
    expect([path, response.status]).toEqual([path, 403]);
  }
  expect((await call("/v1/link")).status).toBe(403);
  expect((await call("/v1/link", { token: enrolled.machine_token })).status).toBe(426);
});

test("[T2] a machine of another workspace and one that does not exist get the same answer", async () => {
  const other = await enroll("other");
  const ids = [other.machine_id, `m_${"0".repeat(43)}`, "nobody", "other"];
  const answers = await Promise.all(
    ids.map(async (id) => {
      const response = await call(`/v1/machines/${id}/processes`);
      const { trace_id: _, detail, ...problem } = await problemOf(response);
      return { status: response.status, detail: detail.replace(id, "X"), problem };
    }),
  );
  expect(answers[0]).toMatchObject({ status: 404, problem: { code: "not_found" } });
  for (const answer of answers) expect(answer).toEqual(answers[0]);
});

test("[T3] tokens are kept as hashes only", async () => {
  const id = env.WORKSPACES.idFromString(toHex(readTokenWorkspace(enrolled.admin_token) ?? new Uint8Array()));
  const rows = await runInDurableObject(env.WORKSPACES.get(id), (_, state) =>
    JSON.stringify(state.storage.sql.exec(`SELECT * FROM tokens`).toArray()),
  );
  expect(rows).toMatch(/[0-9a-f]{64}/);
  expect(rows).not.toContain(enrolled.admin_token.slice(47));
  expect(rows).not.toContain(enrolled.machine_token.slice(47));
});

test("[T4] a Host or an Origin that is not ours is refused before anything else", async () => {
  const rebound = await app.fetch(new Request("http://evil.example/healthz"), env);
  expect(rebound.status).toBe(403);
  for (const [host, status] of [
    ["evil.example:8787", 403],
    ["localhost:8787", 200],
    ["127.0.0.1", 200],
  ] as const) {
    expect((await call("/healthz", { headers: { Host: host } })).status).toBe(status);
  }
  for (const foreign of ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://127.0.0.1:1"]) {
    expect((await call("/v1/machines", { headers: { Origin: foreign } })).status).toBe(403);
  }
  expect((await call("/v1/machines", { headers: { Origin: origin } })).status).toBe(200);
});

test("[T7] enrolling needs the key, and is closed where none is set", async () => {
  const machineFacts = { name: "x", os: "linux", arch: "x64", runner_version: "1" };
  for (const body of [machineFacts, { ...machineFacts, enroll_key: "wrong" }]) {
    expect((await call("/v1/enroll", { token: null, body })).status).toBe(401);
  }
  const request = (): Request =>
    new Request(`${origin}/v1/enroll`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...machineFacts, enroll_key: "the key" }),
    });
  expect((await app.fetch(request(), testEnv)).status).toBe(401);
  expect((await app.fetch(request(), { ...testEnv, ENROLL_OPEN: "true" })).status).toBe(201);
});

test.for([
  { name: "an unknown field", body: { command: "make", colour: "red" }, path: "", word: "colour" },
  { name: "an empty command", body: { command: "  " }, path: "command", word: "empty" },
  { name: "an empty argv", body: { argv: [] }, path: "argv", word: "program" },
  { name: "neither command nor argv", body: {}, path: "command", word: "exactly one" },
  { name: "both command and argv", body: { command: "make", argv: ["make"] }, path: "command", word: "exactly one" },
  { name: "a name that looks like an id", body: { command: "make", name: "p3" }, path: "name", word: "id" },
  {
    name: "an environment that is no map of strings",
    body: { command: "make", env: { A: 1 } },
    path: "env.A",
    word: "string",
  },
  { name: "a NUL character", body: { argv: ["a\0b"] }, path: "argv.0", word: "NUL" },
])("[T5] $name is refused with the field's name", async ({ body, path, word }) => {
  const response = await call(processes, { body });
  expect(response.status).toBe(422);
  expect(response.headers.get("Content-Type")).toBe("application/problem+json");
  const problem = await problemOf(response);
  expect(problem.errors).toContainEqual({ path, message: expect.stringContaining(word) as string });
  expect(problem.hint).not.toBe("");
});

test("[T5] an unknown signal is refused with the ones there are", async () => {
  const response = await call(`${processes}/p1/signal`, { body: { signal: "SIGFOO" } });
  expect(response.status).toBe(422);
  expect((await problemOf(response)).detail).toMatch(/"SIGFOO" is no signal.*SIGINT/);
});

test("[T5] a body that is too large, no JSON, or of another type has an answer of its own", async () => {
  const large = JSON.stringify({ command: "x".repeat(maxBodyBytes) });
  expect((await call(processes, { text: large })).status).toBe(413);
  expect((await call(processes, { text: "{" })).status).toBe(422);
  const plain = await call(processes, { text: '{"command":"ls"}', headers: { "Content-Type": "text/plain" } });
  expect(plain.status).toBe(415);
  expect((await call(`${processes}?state=sleeping`)).status).toBe(422);
  expect((await call(`${processes}?limit=1&limit=2`)).status).toBe(422);
});

test("[T5] unknown processes and routes answer 404 in the same form", async () => {
  for (const path of [`${processes}/p99`, `${processes}/nobody`, "/v1/nothing", "/nothing"]) {
    const response = await call(path);
    expect(response.status).toBe(404);
    expect(await problemOf(response)).toMatchObject({ code: "not_found" });
  }
  expect((await call(`${processes}/p99/stop`, { method: "POST" })).status).toBe(404);
});

test("[C1] a command for a machine that is offline is refused, and nothing is stored", async () => {
  const offline = await enroll("offline");
  const response = await call(processes, { token: offline.admin_token, body: { command: "make" } });
  expect(response.status).toBe(503);
  expect(await problemOf(response)).toMatchObject({ code: "machine_offline" });
  const stored = await runInDurableObject(machineOfId(offline.machine_id), (_, state) =>
    state.storage.sql.exec(`SELECT * FROM commands`).toArray(),
  );
  expect(stored).toEqual([]);
});

test("[C2] a repeat under the same key gets the first one's outcome, another request a conflict", async () => {
  const runner = await ScriptedRunner.welcomed(machine);
  const start = (body: unknown): Promise<Response> => call(processes, { body, headers: { "Idempotency-Key": "one" } });
  const first = start({ command: "run p1" });
  const { command } = await runner.frame("command");
  expect(command.operation).toEqual({ op: "start", request: { command: "run p1" } });
  const outcome = { type: "command", at: 0, command_id: command.id, outcome: "done", process: "p1", run: 1 } as never;
  runner.send({ spool: spoolA, from: 1, facts: [starting(), started()] }, { spool: spoolB, from: 1, facts: [outcome] });
  await runner.frame("ack");
  const answer = await first;
  expect(answer.status).toBe(201);
  expect(answer.headers.get("Location")).toBe(`${processes}/p1`);
  const body = await answer.json();
  expect(body).toMatchObject({ process_id: "p1", state: "running" });
  await evictDurableObject(machine, { webSockets: "hibernate" });
  const repeat = await start({ command: "run p1" });
  expect(repeat.status).toBe(201);
  expect(await repeat.json()).toEqual(body);
  expect(runner.log.waiting).toBe(0);
  expect((await start({ command: "something else" })).status).toBe(409);
});

test("[C4] [D31] a command without an outcome is told to the runner that connects next, with its machine and expiry", async () => {
  const runner = await ScriptedRunner.welcomed(machine);
  const sentAt = Date.now();
  void call(processes, { body: { command: "sleep" } });
  const { command } = await runner.frame("command");
  expect(command.expires_at).toBeGreaterThanOrEqual(sentAt + 30_000);
  expect(command.machine_id).toBe((await machine.view()).machine_id);
  await evictDurableObject(machine, { webSockets: "close" });
  const again = await ScriptedRunner.connect(machine);
  again.hello();
  const welcome = await again.frame("welcome");
  expect(welcome.commands).toContainEqual(command);
  await runInDurableObject(machine, (_, state) => void state.storage.sql.exec(`UPDATE commands SET expires_at = 1`));
  const later = await ScriptedRunner.connect(machine);
  later.hello();
  expect((await later.frame("welcome")).commands).toEqual([]);
});

test("[T6] a refusal by the machine keeps its code, words and fields", async () => {
  const runner = await ScriptedRunner.welcomed(machine);
  const answer = call(processes, { body: { command: "make", cwd: "/nowhere" } });
  const { command } = await runner.frame("command");
  const errors = [{ path: "cwd", message: "/nowhere does not exist" }];
  const refusal = { outcome: "refused", code: "invalid_request", detail: "no", errors };
  const fact = { type: "command", at: 0, command_id: command.id, ...refusal };
  runner.send({ spool: spoolB, from: 2, facts: [fact as never] });
  const response = await answer;
  expect(response.status).toBe(422);
  expect(await problemOf(response)).toMatchObject({ code: "invalid_request", detail: "no", errors });
});

test("[R6] a long poll ends with the first event, or when its time is up", async () => {
  const { head } = await machine.view();
  const quiet = await call(`/v1/machines/-/events?after=${head}&wait_ms=50`);
  expect(await quiet.json()).toEqual({ events: [], next_after: head, head });
  const poll = call(`/v1/machines/-/events?after=${head}&wait_ms=20000`);
  const runner = await ScriptedRunner.welcomed(machine, []);
  runner.send({ spool: "c".repeat(32) as typeof spoolA, from: 1, facts: [starting("p7")] });
  expect(await (await poll).json()).toMatchObject({
    events: [{ seq: head + 1, process_id: "p7" }],
    next_after: head + 1,
  });
});

test("[R5] server-sent events carry the seq as id, and Last-Event-ID goes on behind it", async () => {
  const read = async (headers: Record<string, string>, query: string): Promise<string> => {
    const response = await call(`/v1/machines/-/events${query}`, {
      headers: { Accept: "text/event-stream", ...headers },
    });
    expect(response.headers.get("Content-Type")).toBe("text/event-stream");
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    let text = "";
    while (!text.includes("data: ")) text += new TextDecoder().decode((await reader.read()).value);
    await reader.cancel();
    return text;
  };
  expect(await read({}, "?after=0")).toMatch(/^: connected\n\nid: 1\ndata: \{"seq":1,.*\}\n\n/);
  expect(await read({ "Last-Event-ID": "1" }, "?after=0")).toMatch(/id: 2\ndata: \{"seq":2,/);
});
