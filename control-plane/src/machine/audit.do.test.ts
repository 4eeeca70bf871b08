import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { beforeEach, expect, test } from "vitest";
import type { Problem } from "@longwire/shared/api/views.ts";
import { chainStart, type AuditEntry } from "@longwire/shared/audit/entry.ts";
import { verifyChain } from "@longwire/shared/audit/verify.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import type { AuditPage } from "../audit/chain.ts";
import { enrollMachine, type EnrolledMachine } from "../fixtures/enrolled-machine.ts";
import { call, newWorkspace } from "../fixtures/new-workspace.ts";
import { commandId, ScriptedRunner, scriptedHello, spoolB, started, starting } from "../fixtures/scripted-runner.ts";
import { openSocket } from "../sockets/open-socket.ts";
import type { Machine } from "./machine.ts";
import { testHolder } from "../fixtures/test-holder.ts";

let machine: DurableObjectStub<Machine>;
let request: EnrolledMachine["request"];
let runner: ScriptedRunner;

beforeEach(async () => {
  ({ machine, request } = await enrollMachine());
  runner = await ScriptedRunner.welcomed(machine);
  await runner.store(starting(), started());
});

async function read(query = ""): Promise<AuditPage> {
  const response = await request(`/audit${query}`);
  expect(response.status).toBe(200);
  return await response.json<AuditPage>();
}

const told = (entries: readonly AuditEntry[]): (string | undefined)[][] =>
  entries.map(({ actor, act, target, outcome, reason }) => [actor.kind, act, target, outcome, reason]);

const post = (path: string, body: object, headers: Record<string, string> = {}): Promise<Response> =>
  request(`/processes${path}`, { method: "POST", body: JSON.stringify(body), headers });

/** Rows of all tables, which is what the platform charges for. */
const rows = (): Promise<number> =>
  runInDurableObject(machine, (_, { storage: { sql } }) => {
    const tables = [...sql.exec<{ name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table'`)];
    // What is written in place is no row more.
    const own = tables.filter(({ name }) => !name.startsWith("_cf_") && name !== "meta");
    return own.reduce((sum, { name }) => sum + Number(sql.exec(`SELECT count(*) AS n FROM ${name}`).one()["n"]), 0);
  });

test("[T57] a machine's audit says who did what, when, and what came of it, from its enrolment on", async () => {
  const began = post("", { command: "make", name: "web" });
  await runner.settle();
  expect((await began).status).toBe(201);
  const denied = post("", { command: "rm -rf /" });
  await runner.settle({ outcome: "refused", code: "denied_by_machine", process: undefined, run: undefined });
  expect((await denied).status).toBe(403);
  const stopped = post("/p1/signal", { signal: "SIGHUP" });
  await runner.settle({ outcome: "refused", code: "runner_timeout" });
  await stopped;
  const { items, next_after, head, anchor } = await read();
  expect(told(items)).toEqual([
    ["control_plane", "machine_enrolled", expect.stringMatching(/^m_/), "done", undefined],
    ["runner", "runner_connected", "link", "done", undefined],
    ["runner", "policy_loaded", "mode open", "done", undefined],
    ["operator", "start", "web", "sent", undefined],
    ["runner", "start", "p1", "done", undefined],
    ["operator", "start", "new process", "sent", undefined],
    ["runner", "start", "new process", "refused", "denied_by_machine"],
    ["operator", "signal", "p1", "sent", undefined],
    ["runner", "signal", "p1", "expired", "runner_timeout"],
  ]);
  expect(items[3]?.actor).toEqual({ kind: "operator", token_id: expect.stringMatching(/^tok_/), name: "admin" });
  expect(items[3]?.command_id).toBe(items[4]?.command_id);
  expect(items.every(({ at }) => Math.abs(Date.parse(at) - Date.now()) < 60_000)).toBe(true);
  expect(next_after).toBeNull();
  expect(anchor).toEqual(chainStart);
  expect(verifyChain(items, anchor)).toEqual({ ok: true, head });
});

test("[T57] a start costs two rows of audit, and a repeat under its key is told as one", async () => {
  const before = await rows();
  const send = (): Promise<Response> => post("", { command: "make" }, { "Idempotency-Key": "k" });
  const first = send();
  await runner.settle();
  await first;
  // The command, its outcome's batch, and an entry of the audit for each.
  expect(await rows()).toBe(before + 4);
  await send();
  await post("", { command: "other" }, { "Idempotency-Key": "k" });
  expect(told((await read("?after=5")).items)).toEqual([
    ["operator", "start", "new process", "repeated", undefined],
    ["operator", "start", "new process", "refused", "idempotency_conflict"],
  ]);
});

test("[T57] what the owner was asked and decided is told, with where", async () => {
  const fact = { at: 0, process: "p1" as ProcessId, run: 1, command_id: commandId("1"), digest: "d".repeat(64) };
  const ids = ["1", "2", "3"].map((digit) => digit.repeat(12));
  const [one = "", two = "", three = ""] = ids;
  const decided = [
    { approval_id: one, decision: "asked" },
    { approval_id: one, decision: "once", by: "terminal" },
    { approval_id: two, decision: "denied", by: "dashboard" },
    { approval_id: three, decision: "expired" },
  ] as const;
  await runner.storeIn(spoolB, ...decided.map((more) => ({ type: "approval", ...fact, ...more }) as Fact));
  const { items } = await read("?after=3");
  expect(told(items)).toEqual([
    ["runner", "approval_asked", one, "sent", undefined],
    ["owner", "approved", one, "done", "once"],
    ["owner", "approval_denied", two, "done", "denied"],
    ["runner", "approval_denied", three, "done", "expired"],
  ]);
  expect(items.map(({ actor }) => actor.name)).toEqual([undefined, "terminal", "dashboard", undefined]);
});

test("[T57] a command for a machine that is offline is stored nowhere, the audit included", async () => {
  runner.socket.close();
  await expect.poll(async () => (await read()).items.at(-1)?.act).toBe("runner_disconnected");
  const before = await rows();
  expect((await post("", { command: "make" })).status).toBe(503);
  expect(await rows()).toBe(before);
});

test("[T59] inputs cost no row of their own and stand as one sum with bytes and ids, also over a sleep", async () => {
  const give = async (text: string): Promise<string> => {
    const given = post("/p1/input", { text });
    const { id } = await runner.settle({ offset: 0 });
    expect((await given).status).toBe(200);
    return id;
  };
  const before = await rows();
  const ids = [await give("one secret"), await give("another")];
  await evictDurableObject(machine, { webSockets: "hibernate" });
  ids.push(await give("é"));
  const size = post("/p1/resize", { cols: 100, rows: 30 });
  await runner.settle();
  await size;
  expect(await rows()).toBe(before + 2 * 4);
  const began = post("/p1/pause", {});
  await runner.settle();
  await began;
  const { items, head } = await read("?after=3");
  expect(told(items)).toEqual([
    ["operator", "input", "p1", "sent", undefined],
    ["operator", "resize", "p1", "sent", undefined],
    ["operator", "pause", "p1", "sent", undefined],
    ["runner", "pause", "p1", "done", undefined],
  ]);
  expect(items[0]).toMatchObject({ count: 3, bytes: 19, command_ids: ids });
  expect(JSON.stringify(items)).not.toContain("secret");
  const whole = await read();
  expect(verifyChain(whole.items, chainStart)).toEqual({ ok: true, head });
});

test("[T59] an audit that is read sums up what waits, and 64 inputs are a sum of their own", async () => {
  for (let given = 0; given < 65; given++) {
    void post("/p1/input", { text: "a" });
    await runner.settle({ offset: 0 });
  }
  expect((await read("?after=3")).items.map(({ count }) => count)).toEqual([64, 1]);
  expect((await read("?after=5")).items).toEqual([]);
});

test("[T57] a runner that goes, comes and takes over is told once each, also after a sleep", async () => {
  const second = await ScriptedRunner.welcomed(machine);
  await expect.poll(() => runner.log.closed).toMatchObject({ code: 4409 });
  await evictDurableObject(machine, { webSockets: "hibernate" });
  second.socket.close();
  await expect
    .poll(async () => told((await read("?after=3")).items))
    .toEqual([
      ["runner", "runner_replaced", "link", "done", undefined],
      ["runner", "runner_disconnected", "link", "done", undefined],
    ]);
  const third = await ScriptedRunner.welcomed(machine);
  expect((await read("?after=5")).items.map(({ act }) => act)).toEqual(["runner_connected"]);
  third.socket.close();
});

test("[T57] a policy that changed is told with its mode and digest, and one that did not is not", async () => {
  const { commands } = scriptedHello([]);
  const frame = { type: "policy", policy_mode: "named", commands, policy_digest: "d".repeat(64) };
  runner.socket.send(JSON.stringify(frame));
  runner.socket.send(JSON.stringify(frame));
  runner.socket.send(JSON.stringify({ ...frame, policy_digest: "e".repeat(64) }));
  await expect
    .poll(async () => (await read("?after=3")).items.map(({ target, digest }) => [target, digest?.[0]]))
    .toEqual([
      ["mode named", "d"],
      ["mode named", "e"],
    ]);
  const view = await (await request("")).json<Record<string, unknown>>();
  expect(view["policy_mode"]).toBe("named");
  expect(view["policy_digest"]).toBeUndefined();
});

test("[T57] a viewer's socket is told when it comes and goes, also after a sleep; what the Worker reads is not", async () => {
  const inner = await openSocket(machine, "events", "longwire.events.v1", testHolder, { after: 0 });
  inner.webSocket?.accept();
  const response = await request("/ws", {
    headers: { Upgrade: "websocket", "Sec-WebSocket-Protocol": "longwire.events.v1" },
  });
  const viewer = response.webSocket;
  viewer?.accept();
  await evictDurableObject(machine, { webSockets: "hibernate" });
  viewer?.close();
  inner.webSocket?.close();
  await expect
    .poll(async () => told((await read("?after=3")).items))
    .toEqual([
      ["operator", "viewer_connected", "events", "done", undefined],
      ["operator", "viewer_left", "events", "done", undefined],
    ]);
});

test("[T63] the runner is told where the audit stands when it connects and with each command", async () => {
  void post("", { command: "make" });
  const frame = await runner.frame("command");
  const { items, head } = await read();
  expect(frame.audit).toEqual(head);
  expect(items.at(-1)).toMatchObject({ n: head.n, hash: head.hash, command_id: frame.command.id });
  expect(frame.command.actor).toEqual(items.at(-1)?.actor);
  const again = await ScriptedRunner.connect(machine);
  again.hello();
  const welcome = await again.frame("welcome");
  expect(welcome.audit).toEqual((await read()).head);
  expect(welcome.commands).toMatchObject([{ id: frame.command.id, actor: frame.command.actor }]);
});

test("[T60] it is read by pages and filters, oldest first, with scope `admin` and no way to write", async () => {
  const page = await read("?limit=2");
  expect([page.items.map(({ n }) => n), page.next_after, page.head.n]).toEqual([[1, 2], 2, 3]);
  expect((await read("?after=2&limit=2")).next_after).toBeNull();
  expect((await read("?act=policy_loaded")).items.map(({ n }) => n)).toEqual([3]);
  expect((await read("?actor=runner&limit=1")).items.map(({ n }) => n)).toEqual([2]);
  const wrong = await request("/audit?since=1");
  expect([wrong.status, (await wrong.json<Problem>()).code]).toEqual([422, "invalid_request"]);
  for (const method of ["DELETE", "POST", "PUT", "PATCH"]) {
    const refused = await request("/audit", { method });
    expect([method, refused.status]).toEqual([method, 404]);
  }
  expect((await read()).head).toEqual(page.head);
});

test("[T57] a workspace's audit tells of its machine and of each token, and is not for tokens of some machines", async () => {
  const own = await newWorkspace();
  const made = await own.tokenFor({ name: "ci", scopes: ["run", "admin"], machines: [own.machineId] });
  await call("DELETE", `/v1/tokens/${made.id}`, own.adminToken);
  const response = await call("GET", "/v1/audit", own.adminToken);
  const { items, head, anchor } = await response.json<AuditPage>();
  expect(told(items)).toEqual([
    ["control_plane", "machine_enrolled", own.machineId, "done", undefined],
    ["operator", "token_created", made.id, "done", undefined],
    ["operator", "token_revoked", made.id, "done", undefined],
  ]);
  expect(items.map(({ detail }) => detail)).toEqual([expect.any(String), "ci: run, admin; 1 of the machines", "ci"]);
  expect(items[1]?.actor).toMatchObject({ token_id: expect.stringMatching(/^tok_/), name: expect.any(String) });
  expect(JSON.stringify(items)).not.toContain(made.token);
  expect(verifyChain(items, anchor)).toEqual({ ok: true, head });
  const some = await own.tokenFor({ scopes: ["admin"], machines: [own.machineId] });
  expect((await call("GET", "/v1/audit", some.token)).status).toBe(403);
  expect((await call("GET", "/v1/machines/-/audit", some.token)).status).toBe(200);
});
