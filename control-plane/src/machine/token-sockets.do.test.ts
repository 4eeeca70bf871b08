import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { expect, test, vi } from "vitest";
import { openSocket } from "../sockets/open-socket.ts";
import type { Holder } from "../sockets/holder.ts";
import { newMachine } from "../fixtures/new-machine.ts";
import { output, ScriptedRunner, spoolA, starting } from "../fixtures/scripted-runner.ts";
import { SocketLog } from "../fixtures/socket-log.ts";
import { call, newWorkspace, type NewWorkspace } from "../fixtures/new-workspace.ts";
import { openWith } from "../fixtures/open-with.ts";
import type { Machine } from "./machine.ts";

const spool = [{ id: spoolA, first: 1, next: 1 }];

async function openStream(token: string): Promise<{ readonly text: () => string; readonly ended: Promise<void> }> {
  const response = await call("GET", "/v1/machines/-/events", token, undefined, { Accept: "text/event-stream" });
  let text = "";
  const decoder = new TextDecoder();
  const write = (piece: Uint8Array): void => void (text += decoder.decode(piece));
  const ended = (response.body as ReadableStream<Uint8Array>).pipeTo(new WritableStream({ write }));
  return { text: () => text, ended };
}

const sleep = async (machine: DurableObjectStub<Machine>): Promise<void> =>
  await evictDurableObject(machine, { webSockets: "hibernate" });

interface Open {
  readonly sockets: readonly SocketLog[];
  readonly stream: Awaited<ReturnType<typeof openStream>>;
  readonly poll: Promise<Response>;
  readonly wait: Promise<Response>;
}

/** All that can be open with a token at a time. */
async function openAll({ machine }: NewWorkspace, token: string): Promise<Open> {
  const sockets = [
    await openWith(token, "longwire.events.v1"),
    await openWith(token, "longwire.events.v1"),
    await openWith(token, "longwire.viewer.v1"),
  ];
  await sockets[2]?.next();
  const stream = await openStream(token);
  const poll = call("GET", "/v1/machines/-/events?after=1&wait_ms=50000", token);
  const wait = call("GET", "/v1/machines/-/processes/p1/wait?wait_ms=50000", token);
  const viewers = (): Promise<number> =>
    runInDurableObject(machine, (_, state) => state.getWebSockets("viewer").length);
  await vi.waitUntil(async () => (await viewers()) === 6, 5000);
  return { sockets, stream, poll, wait };
}

async function expectClosed({ sockets, stream, poll, wait }: Open): Promise<void> {
  for (const socket of sockets) expect((await socket.closed).code).toBe(4401);
  await stream.ended;
  for (const answer of [poll, wait]) {
    const response = await answer;
    expect([response.status, await response.json()]).toMatchObject([401, { code: "unauthorized" }]);
  }
}

async function begun(name: string): Promise<{ readonly own: NewWorkspace; readonly runner: ScriptedRunner }> {
  const own = await newWorkspace(name);
  const runner = await ScriptedRunner.welcomed(own.machine, spool);
  runner.send({ spool: spoolA, from: 1, facts: [starting()] });
  await runner.frame("ack");
  return { own, runner };
}

test.for([{ state: "awake" }, { state: "asleep" }])(
  "[T24] revoking a token closes all that is open with it on a machine $state, and nothing is sent after",
  async ({ state }) => {
    const { own, runner } = await begun(`revoked-${state}`);
    const token = await own.tokenFor({ scopes: ["read"] });
    const other = await own.tokenFor({ scopes: ["read"] });
    const open = await openAll(own, token.token);
    const stays = await openWith(other.token, "longwire.events.v1");
    if (state === "asleep") await sleep(own.machine);
    expect((await call("DELETE", `/v1/tokens/${token.id}`, own.adminToken)).status).toBe(204);
    runner.send({ spool: spoolA, from: 2, facts: [output("secret")] });
    await runner.frame("ack");
    await expectClosed(open);
    expect(open.stream.text()).not.toContain("secret");
    for (const socket of open.sockets) expect(socket.waiting).toBe(0);
    expect(await stays.next()).toContain("secret");
  },
);

test.for([{ state: "awake" }, { state: "asleep" }])(
  "[T24] the end of a token closes all that is open with it on a machine $state",
  async ({ state }) => {
    const { own, runner } = await begun(`ended-${state}`);
    const token = await own.tokenFor({ scopes: ["read"], expires_in_ms: 6000 });
    const open = await openAll(own, token.token);
    if (state === "asleep") await sleep(own.machine);
    await expectClosed(open);
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(token.expires_at ?? ""));
    runner.send({ spool: spoolA, from: 2, facts: [output("secret")] });
    await runner.frame("ack");
    expect(open.stream.text()).not.toContain("secret");
  },
);

const holder = (ends: number | null, token = "tok_one"): Holder => ({ token, scopes: ["read"], ends });

async function openAs(machine: DurableObjectStub<Machine>, one: Holder): Promise<SocketLog> {
  const { webSocket } = await openSocket(machine, "events", "longwire.events.v1", one, {});
  if (webSocket === null) throw new Error("the object opened no socket");
  return new SocketLog(webSocket);
}

test("[T24] the one alarm is set to the token that ends first, and then to the next", async () => {
  const machine = await newMachine();
  const soon = Date.now() + 60_000;
  const later = await openAs(machine, holder(soon + 1000, "tok_later"));
  const first = await openAs(machine, holder(soon));
  const alarm = (): Promise<number | null> => runInDurableObject(machine, (_, state) => state.storage.getAlarm());
  expect(await alarm()).toBe(soon);
  vi.setSystemTime(soon);
  await sleep(machine);
  await runDurableObjectAlarm(machine);
  vi.useRealTimers();
  expect(await first.closed).toEqual({ code: 4401, reason: "the token has ended" });
  expect(later.isClosed).toBe(false);
  expect(await alarm()).toBe(soon + 1000);
});

test("[T24] nothing is opened with a revoked token by a Worker that still thinks well of it", async () => {
  const machine = await newMachine();
  await machine.revoke(["tok_one"]);
  await sleep(machine);
  const refused = await openSocket(machine, "viewer", "longwire.viewer.v1", holder(null), {});
  expect([refused.status, await refused.json()]).toMatchObject([401, { code: "unauthorized" }]);
  const ended = await openSocket(machine, "events", "longwire.events.v1", holder(Date.now(), "tok_two"), {});
  expect(ended.status).toBe(401);
});

test("[T24] a machine that could not be told at once is told later", async () => {
  const { own } = await begun("told-later");
  const token = await own.tokenFor({ scopes: ["read"] });
  const socket = await openWith(token.token, "longwire.events.v1");
  await runInDurableObject(own.object, (_, { storage }) => {
    storage.sql.exec(`INSERT INTO notices (machine, token) VALUES (?, ?)`, own.machineId, token.id);
  });
  await evictDurableObject(own.object, { webSockets: "hibernate" });
  await runInDurableObject(own.object, (workspace) => workspace.alarm());
  expect((await socket.closed).code).toBe(4401);
  const left = await runInDurableObject(own.object, (_, { storage }) =>
    storage.sql.exec(`SELECT * FROM notices`).toArray(),
  );
  expect(left).toEqual([]);
});

test("[T24] a machine's token that is revoked closes its link", async () => {
  const own = await newWorkspace("linked");
  const link = await openWith(own.machineToken, "longwire.runner.v1", "/v1/link");
  const { items } = await (
    await call("GET", "/v1/tokens", own.adminToken)
  ).json<{ items: { id: string; kind: string }[] }>();
  const id = items.find(({ kind }) => kind === "machine")?.id ?? "";
  expect((await call("DELETE", `/v1/tokens/${id}`, own.adminToken)).status).toBe(204);
  expect((await link.closed).code).toBe(4401);
  await expect(openWith(own.machineToken, "longwire.runner.v1", "/v1/link")).rejects.toThrow("401");
});

test("[T22] what a message needs is asked of the token its socket was opened with", async () => {
  const machine = await newMachine();
  const blind: Holder = { ...holder(null), scopes: ["input"] };
  const { webSocket } = await openSocket(machine, "viewer", "longwire.viewer.v1", blind, {});
  const log = new SocketLog(webSocket as WebSocket);
  webSocket?.send(JSON.stringify({ type: "subscribe", id: 1, after: 0 }));
  expect((await log.closed).code).toBe(1008);
});
