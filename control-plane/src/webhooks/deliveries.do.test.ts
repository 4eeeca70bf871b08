import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { expect, test } from "vitest";
import { maxWaitingDeliveries, webhookPatienceMs } from "@longwire/shared/limits.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { exited, ScriptedRunner, spoolA } from "../fixtures/scripted-runner.ts";
import { call, newWorkspace, type NewWorkspace } from "../fixtures/new-workspace.ts";
import { createWebhook, findWebhook, runnerOf, useReceiver } from "../fixtures/webhook-receiver.ts";

const receiver = useReceiver();

const sleep = async (own: NewWorkspace): Promise<void> => {
  await evictDurableObject(own.machine, { webSockets: "hibernate" });
  await evictDurableObject(own.object, { webSockets: "hibernate" });
};

test("[R63] a delivery that fails is tried again under its id, also after the objects slept", async () => {
  const own = await newWorkspace();
  const { id, secret } = await createWebhook(own);
  const runner = await runnerOf(own);
  receiver.answer = () => Promise.resolve(new Response("no", { status: 503 }));
  runner.send({ spool: spoolA, from: 4, facts: [exited()] });
  const first = await receiver.next();
  const failing = await waitUntil("it is noted", async () => {
    const found = await findWebhook(own, id);
    return found?.results[0]?.tries === 1 ? found : null;
  });
  expect(failing.results[0]).toMatchObject({ state: "waiting", status: 503, error: "It answered 503." });
  expect([failing.waiting, failing.failing_since]).toEqual([1, expect.any(String)]);
  expect(Date.parse(failing.results[0]?.next_at ?? "")).toBeGreaterThan(Date.now());
  await sleep(own);
  receiver.answer = () => Promise.resolve(new Response(null, { status: 200 }));
  await runInDurableObject(own.object, (_, { storage }) => void storage.sql.exec(`UPDATE deliveries SET next_at = 1`));
  await runDurableObjectAlarm(own.object);
  const second = await receiver.next();
  expect(second.body).toBe(first.body);
  expect(second.headers["webhook-id"]).toBe(first.headers["webhook-id"]);
  expect(() => new StandardWebhook(secret).verify(second.body, second.headers)).not.toThrow();
  await waitUntil("it is noted", async () => (await findWebhook(own, id))?.failing_since === null);
  expect(await findWebhook(own, id)).toMatchObject({
    waiting: 0,
    results: [{ state: "delivered", tries: 2, next_at: null }],
  });
});

test("[R63] an event whose handing over was not heard of is handed over again, and sent once", async () => {
  const own = await newWorkspace();
  const { id } = await createWebhook(own);
  const runner = await runnerOf(own);
  runner.send({ spool: spoolA, from: 4, facts: [exited()] });
  const { headers, body } = await receiver.next();
  const owed = (): Promise<number> =>
    runInDurableObject(own.machine, (_, { storage }) => storage.sql.exec(`SELECT 1 FROM owed_events`).toArray().length);
  await waitUntil("nothing is owed", async () => (await owed()) === 0);
  await runInDurableObject(own.machine, (_, { storage }) => {
    storage.sql.exec(
      `INSERT INTO owed_events (id, webhook, type, body) VALUES (?, ?, 'exited', ?)`,
      headers["webhook-id"],
      id,
      body,
    );
  });
  await sleep(own);
  await owed();
  await runDurableObjectAlarm(own.machine);
  await waitUntil("nothing is owed", async () => (await owed()) === 0);
  expect(receiver.posted).toEqual([]);
});

test("[R64] a webhook that nothing reaches for days is disabled, and told of nothing more", async () => {
  const own = await newWorkspace();
  const { id } = await createWebhook(own);
  const runner = await runnerOf(own);
  receiver.answer = () => Promise.reject(new Error("no such host"));
  runner.send({ spool: spoolA, from: 4, facts: [exited()] });
  await receiver.next();
  await waitUntil("it is noted", async () => (await findWebhook(own, id))?.failing_since != null);
  await runInDurableObject(own.object, (_, { storage }) => {
    storage.sql.exec(`UPDATE webhooks SET failing_since = ?`, Date.now() - webhookPatienceMs);
    storage.sql.exec(`UPDATE deliveries SET next_at = 1`);
  });
  await runDurableObjectAlarm(own.object);
  const webhook = await waitUntil("it is disabled", async () => {
    const found = await findWebhook(own, id);
    return found?.disabled_at == null ? null : found;
  });
  expect(webhook).toMatchObject({ waiting: 0, results: [{ state: "failed", error: "The webhook is disabled." }] });
  const audit = await (await call("GET", "/v1/audit?act=webhook_disabled", own.adminToken)).json<{ items: object[] }>();
  expect(audit.items).toMatchObject([
    { target: id, actor: { kind: "control_plane" }, reason: "The connection failed." },
  ]);
  const left = await runInDurableObject(own.object, (object) =>
    object.listWebhooks("nobody", { limit: 1, cursor: undefined }),
  );
  expect(left).toMatchObject({ ok: false });
});

test("[R64] a receiver that answers 410 is told nothing more, at once", async () => {
  const own = await newWorkspace();
  const { id } = await createWebhook(own);
  const runner = await runnerOf(own);
  receiver.answer = () => Promise.resolve(new Response(null, { status: 410 }));
  runner.send({ spool: spoolA, from: 4, facts: [exited()] });
  await receiver.next();
  await waitUntil("it is disabled", async () => (await findWebhook(own, id))?.disabled_at != null);
});

test("[R64] a deleted webhook is sent nothing more, what is under way included", async () => {
  const own = await newWorkspace();
  const { id } = await createWebhook(own);
  const runner = await runnerOf(own);
  receiver.answer = () => new Promise(() => {});
  runner.send({ spool: spoolA, from: 4, facts: [exited()] });
  const { signal } = await receiver.next();
  expect((await call("DELETE", `/v1/webhooks/${id}`, own.adminToken)).status).toBe(204);
  expect(signal?.aborted).toBe(true);
  const rows = await runInDurableObject(own.object, (_, { storage }) =>
    storage.sql.exec(`SELECT * FROM deliveries`).toArray(),
  );
  expect(rows).toEqual([]);
});

test("[R66] a machine whose runner stays away is told of once, and one that comes back is not", async () => {
  const own = await newWorkspace();
  const { id } = await createWebhook(own, { events: ["offline"] });
  const due = (): Promise<number> =>
    runInDurableObject(own.machine, (_, { storage }) =>
      Number(storage.sql.exec(`SELECT value FROM meta WHERE key = 'offline_due'`).toArray()[0]?.["value"] ?? 0),
    );
  const runner = await runnerOf(own);
  runner.socket.close(1000);
  await waitUntil("it is noted", async () => (await due()) > Date.now());
  const back = await ScriptedRunner.welcomed(own.machine, [{ id: spoolA, first: 1, next: 4 }]);
  expect(await due()).toBe(0);
  back.socket.close(1000);
  await waitUntil("it is noted again", async () => (await due()) > Date.now());
  await runInDurableObject(own.machine, (_, { storage }) => {
    storage.sql.exec(`UPDATE meta SET value = '1' WHERE key = 'offline_due'`);
  });
  await sleep(own);
  await runDurableObjectAlarm(own.machine);
  const { type, data } = JSON.parse((await receiver.next()).body) as { type: string; data: object };
  expect([type, data]).toEqual(["offline", expect.objectContaining({ machine_id: own.machineId, machine: "box" })]);
  await waitUntil("it is noted", async () => (await findWebhook(own, id))?.results[0]?.state === "delivered");
  expect(receiver.posted).toEqual([]);
});

test("[R63] what there is no room for is counted", async () => {
  const own = await newWorkspace();
  const { id } = await createWebhook(own);
  receiver.answer = () => new Promise(() => {});
  await runInDurableObject(own.object, (object) => {
    const events = Array.from({ length: maxWaitingDeliveries + 3 }, (_, n) => {
      return { id: `msg_${n}`, webhook: id, type: "exited", body: "{}" } as const;
    });
    object.tellWebhooks(own.machineId, events, { [id]: 4 });
  });
  expect(await findWebhook(own, id)).toMatchObject({ waiting: maxWaitingDeliveries, dropped: 7 });
  await call("DELETE", `/v1/webhooks/${id}`, own.adminToken);
});
