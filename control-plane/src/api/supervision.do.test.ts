import { evictDurableObject } from "cloudflare:test";
import { beforeAll, expect, test } from "vitest";
import type { EnrollAnswer, Problem, Process } from "@longwire/shared/api/views.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import type { CommandFact, Fact } from "@longwire/shared/wire/facts.ts";
import type { Env } from "../env.ts";
import { machineOfId } from "../fixtures/new-workspace.ts";
import { commandId, exited, ScriptedRunner, spoolA, spoolB, started, starting } from "../fixtures/scripted-runner.ts";
import { testEnv } from "../fixtures/test-env.ts";
import type { Machine } from "../machine/machine.ts";
import { createApp } from "./app.ts";

const app = createApp();
const env: Env = { ...testEnv, ENROLL_KEY: "the key", ALLOWED_HOSTS: "127.0.0.1" };
const processes = "/v1/machines/-/processes";

let token = "";
let machineToken = "";
let machine: DurableObjectStub<Machine>;

async function call(path: string, body?: unknown, method = body === undefined ? "GET" : "POST"): Promise<Response> {
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  return await app.fetch(new Request(`http://127.0.0.1${path}`, init), env);
}

beforeAll(async () => {
  const body = { name: "devbox", os: "linux", arch: "x64", runner_version: "1", enroll_key: "the key" };
  const enrolled = await (await call("/v1/enroll", body)).json<EnrollAnswer>();
  token = enrolled.admin_token;
  machineToken = enrolled.machine_token;
  machine = machineOfId(enrolled.machine_id);
});

test("[T1] restarting, forgetting and reading runs need a token that is an operator's", async () => {
  const routes = [
    ["POST", "/p1/restart"],
    ["DELETE", "/p1"],
    ["GET", "/p1/runs"],
  ] as const;
  for (const [method, path] of routes) {
    for (const [bearer, status] of [
      ["garbage", 401],
      [machineToken, 403],
    ] as const) {
      const headers = { Authorization: `Bearer ${bearer}` };
      const response = await app.fetch(new Request(`http://127.0.0.1${processes}${path}`, { method, headers }), env);
      expect([path, response.status]).toEqual([path, status]);
    }
  }
});

const restart = { policy: "always" };
test.for([
  { name: "a limit below zero", body: { limits: { run_ms: -1 } }, path: "limits.run_ms" },
  { name: "an unknown limit", body: { limits: { disk: 1 } }, path: "limits" },
  { name: "an unknown policy", body: { restart: { policy: "sometimes" } }, path: "restart.policy" },
  { name: "a bound of no restarts", body: { restart: { ...restart, max: 0 } }, path: "restart.max" },
  { name: "an unknown field of a policy", body: { restart: { ...restart, often: 1 } }, path: "restart" },
  { name: "if_running without a name", body: { if_running: "reuse" }, path: "if_running" },
  { name: "a queue with a name that is none", body: { queue: { name: "p1" } }, path: "queue.name" },
  { name: "a delay of more than 30 days", body: { queue: { delay_ms: 1e12 } }, path: "queue.delay_ms" },
  { name: "two conditions for being ready", body: { ready: { port: 1, pattern: "x" } }, path: "ready" },
  { name: "readiness by a pattern that is none", body: { ready: { pattern: "(" } }, path: "ready.pattern" },
  { name: "readiness by a foreign host", body: { ready: { http: "http://example.com/" } }, path: "ready.http" },
  { name: "a lease below zero", body: { lease_ms: -1 }, path: "lease_ms" },
])("[T5] $name is refused with the field's name", async ({ body, path }) => {
  const response = await call(processes, { command: "make", ...body });
  expect(response.status).toBe(422);
  expect((await response.json<Problem>()).errors?.map((error) => error.path)).toContain(path);
});

/** Answers the next command with these facts, and its outcome with these parts. */
async function answer(runner: ScriptedRunner, parts: Partial<CommandFact>, from: number, facts: Fact[] = []) {
  const { command } = await runner.frame("command");
  const outcome: Fact = { type: "command", at: 0, command_id: command.id, outcome: "done", ...parts };
  runner.send({ spool: spoolB, from, facts: [...facts, outcome] });
  await runner.frame("ack");
  return command.operation;
}

const p1 = "p1" as ProcessId;

test("[P24] a restart is answered like a start, with the run it began", async () => {
  const runner = await ScriptedRunner.welcomed(machine);
  runner.send({ spool: spoolA, from: 1, facts: [starting("p1", "web"), started(), exited()] });
  await runner.frame("ack");
  const restarted = call(`${processes}/web/restart`, { grace_ms: 10 });
  const next: Fact[] = [starting("p1", "web"), started()].map((fact) => ({ ...fact, run: 2 }) as Fact);
  const operation = await answer(runner, { process: p1, run: 2 }, 1, next);
  expect(operation).toEqual({ op: "restart", process: "p1", signal: "SIGINT", grace_ms: 10 });
  const response = await restarted;
  expect(response.status).toBe(201);
  expect(response.headers.get("Location")).toBe(`${processes}/p1`);
  expect(await response.json()).toMatchObject({ process_id: "p1", run: 2, state: "running" });
  expect((await call(`${processes}/web/restart`, { colour: "red" })).status).toBe(422);
  expect((await call(`${processes}/nobody/restart`, {})).status).toBe(404);
});

test("[P26] a start that is answered with the process that lives already says 200", async () => {
  const runner = await ScriptedRunner.welcomed(machine);
  const reused = call(processes, { command: "serve", name: "web", if_running: "reuse" });
  await answer(runner, { process: p1, run: 2, reused: true }, 4);
  expect((await reused).status).toBe(200);
});

test("[P28] a start that waits for its turn is answered at once, in state pending", async () => {
  const runner = await ScriptedRunner.welcomed(machine);
  const asked = call(processes, { command: "run p2", queue: {} });
  const p2 = { process: "p2" as ProcessId, run: 1 };
  const label = { command: "run p2", cwd: "/", tags: [], tty: false };
  const pending: Fact = { type: "pending", at: 0, ...p2, label, command_id: commandId("2"), waiting_for: "queue" };
  await answer(runner, p2, 5, [pending]);
  const response = await asked;
  expect(response.status).toBe(201);
  expect(await response.json()).toMatchObject({ state: "pending", waiting_for: "queue", started_at: null });
  const list = await (await call(`${processes}?state=pending`)).json<{ items: Process[] }>();
  expect(list.items.map(({ process_id: id }) => id)).toEqual(["p2"]);
  expect(await machine.selectProcesses({ contains: "p2" })).toEqual(["p2"]);
});

test("[P25] earlier runs stay readable, and a process that is forgotten is nowhere any more", async () => {
  const page = await (await call(`${processes}/web/runs?limit=1`)).json<{ items: Process[]; next_cursor: string }>();
  expect(page).toMatchObject({ items: [{ run: 2, state: "running" }], next_cursor: "2" });
  const rest = await (await call(`${processes}/web/runs?cursor=${page.next_cursor}`)).json();
  expect(rest).toMatchObject({ items: [{ run: 1, state: "exited", returncode: 0 }], next_cursor: null });
  expect((await call(`${processes}/web/runs?cursor=x`)).status).toBe(422);
  const runner = await ScriptedRunner.welcomed(machine);
  const refused = call(`${processes}/web`, undefined, "DELETE");
  await answer(runner, { outcome: "refused", code: "process_running", detail: "p1 is not ended yet." }, 7);
  expect((await refused).status).toBe(409);
  const forgotten = call(`${processes}/web`, undefined, "DELETE");
  await answer(runner, {}, 8, [{ type: "forgotten", at: 0, process: p1, run: 2 }]);
  expect((await forgotten).status).toBe(204);
  await evictDurableObject(machine, { webSockets: "hibernate" });
  for (const path of ["/web", "/p1", "/p1/runs", "/p1/wait"]) expect((await call(processes + path)).status).toBe(404);
  const list = await (await call(`${processes}?state=all`)).json<{ items: Process[] }>();
  expect(list.items.map(({ process_id: id }) => id)).toEqual(["p2"]);
  expect((await machine.view()).counts).toEqual({ live: 1, total: 1 });
});

test("[P31] a runner that connects is asked after the runs it does not name", async () => {
  const runner = await ScriptedRunner.connect(machine);
  runner.hello();
  expect((await runner.frame("welcome")).unnamed_runs).toEqual([{ process: "p2", run: 1 }]);
  const names = await ScriptedRunner.connect(machine);
  names.hello([{ id: spoolA, first: 1, next: 4, process: "p2" as ProcessId, run: 1 }]);
  expect((await names.frame("welcome")).unnamed_runs).toEqual([]);
});

test("[P29] a wait for a run to be ready needs a condition for that", async () => {
  const response = await call(`${processes}?until=ready`, { command: "make" });
  expect(response.status).toBe(422);
  expect((await response.json<Problem>()).errors?.map(({ path }) => path)).toEqual(["until"]);
  expect((await call(`${processes}/p2/wait?until=ready&wait_ms=0`)).status).toBe(422);
});

test("[L6] the latest 100 runs of a process stay readable, also after a sleep, and no others", async () => {
  const runner = await ScriptedRunner.welcomed(machine);
  const name = "c".repeat(32) as typeof spoolA;
  const facts = Array.from({ length: 103 }, (_, at) =>
    [starting("p9"), started("p9"), exited("p9")].map((fact) => ({ ...fact, run: at + 1 }) as Fact),
  );
  runner.send({ spool: name, from: 1, facts: facts.flat() });
  await runner.frame("ack");
  const runs = async () => await (await call(`${processes}/p9/runs?limit=1000`)).json<{ items: Process[] }>();
  expect((await runs()).items.map(({ run }) => run)).toEqual(Array.from({ length: 100 }, (_, at) => 103 - at));
  await evictDurableObject(machine, { webSockets: "hibernate" });
  expect((await runs()).items).toHaveLength(100);
});
