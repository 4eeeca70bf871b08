import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { expect, test } from "vitest";
import type { WebhookList } from "@longwire/shared/api/webhooks.ts";
import type { Problem } from "@longwire/shared/api/views.ts";
import type { ProcessId } from "@longwire/shared/ids.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { exited, ScriptedRunner, spoolA, spoolB, starting } from "../fixtures/scripted-runner.ts";
import { call, machineOfId, newWorkspace, type NewWorkspace } from "../fixtures/new-workspace.ts";
import { createWebhook, findWebhook, hookUrl, runnerOf, useReceiver } from "../fixtures/webhook-receiver.ts";

const receiver = useReceiver();

const sleep = async (own: NewWorkspace): Promise<void> => {
  await evictDurableObject(own.machine, { webSockets: "hibernate" });
  await evictDurableObject(own.object, { webSockets: "hibernate" });
};

test("[R60] a webhook is told of once with its secret, and listed without", async () => {
  const own = await newWorkspace();
  const made = await createWebhook(own, { name: "ci", process: "web", tag: "test", machines: ["box"] });
  expect(made.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(made).toMatchObject({
    name: "ci",
    url: hookUrl,
    events: ["exited"],
    machines: [own.machineId],
    waiting: 0,
    results: [],
  });
  await sleep(own);
  const { secret: _, ...rest } = made;
  expect(await findWebhook(own, made.id)).toEqual(rest);
  expect((await call("DELETE", `/v1/webhooks/${made.id}`, own.adminToken)).status).toBe(204);
  expect(await findWebhook(own, made.id)).toBeUndefined();
  expect((await call("DELETE", `/v1/webhooks/${made.id}`, own.adminToken)).status).toBe(404);
});

test("[R61] an event is posted with a signature that the scheme's own library takes", async () => {
  const own = await newWorkspace();
  const { secret, id } = await createWebhook(own, { events: ["exited", "ready"] });
  const runner = await runnerOf(own);
  runner.send({ spool: spoolA, from: 4, facts: [exited("p1", 3)] });
  const { url: to, headers, body, redirect } = await receiver.next();
  expect([to, redirect, headers["content-type"]]).toEqual([hookUrl, "manual", "application/json"]);
  expect(new StandardWebhook(secret).verify(body, headers)).toMatchObject({
    type: "exited",
    data: {
      ...{ machine_id: own.machineId, machine: "box", seq: 4, type: "exited", process_id: "p1", name: "web" },
      ...{ run: 1, command: "run p1", returncode: 3, signal: null, reason: "exit" },
    },
  });
  expect(() => new StandardWebhook(secret).verify(`${body} `, headers)).toThrow("No matching signature");
  const webhook = await waitUntil("it is noted", async () => {
    const found = await findWebhook(own, id);
    return found?.results[0]?.state === "delivered" ? found : null;
  });
  expect(webhook.results).toEqual([
    {
      ...{ id: headers["webhook-id"], type: "exited", state: "delivered", status: 204, error: null, tries: 1 },
      ...{ at: expect.any(String) as string, next_at: null },
    },
  ]);
});

test("[R61] what is asked for is told and nothing else, by event, process and tag", async () => {
  const own = await newWorkspace();
  await createWebhook(own, { url: `${hookUrl}/other`, process: "other" });
  await createWebhook(own, { url: `${hookUrl}/tag`, tag: "none" });
  await createWebhook(own, { url: `${hookUrl}/ready`, events: ["ready"] });
  await createWebhook(own, { url: `${hookUrl}/web`, process: "web", tag: "test", events: ["exited", "approval"] });
  const runner = await runnerOf(own);
  const of = { process: "p1" as ProcessId, run: 1, at: 1_700_000_000_000 };
  const ready: Fact = { type: "ready", ...of, detail: "Port 80 listens." };
  runner.send({ spool: spoolA, from: 4, facts: [ready, exited()] });
  const told = [await receiver.next(), await receiver.next()].map(({ url: to, body }) => [
    to,
    (JSON.parse(body) as Fact).type,
  ]);
  expect(told.toSorted(([one = ""], [other = ""]) => one.localeCompare(other))).toEqual([
    [`${hookUrl}/ready`, "ready"],
    [`${hookUrl}/web`, "exited"],
  ]);
  expect(receiver.posted).toEqual([]);
});

test("[R61] [P6] an end that is told again by a machine that lost its memory is posted once", async () => {
  const own = await newWorkspace();
  await createWebhook(own, { url: hookUrl, events: ["exited", "ready"] });
  const runner = await runnerOf(own);
  const of = { process: "p1" as ProcessId, run: 1, at: 1_700_000_000_000 };
  runner.send({ spool: spoolA, from: 4, facts: [exited()] });
  expect(JSON.parse((await receiver.next()).body)).toMatchObject({ data: { returncode: 0 } });
  const again: Fact = { type: "exited", ...of, returncode: null, signal: null, reason: "machine_restarted" };
  const ready: Fact = { type: "ready", ...of, process: "p2" as ProcessId, detail: "Port 80 listens." };
  runner.send({ spool: spoolB, from: 1, facts: [again, starting("p2"), ready] });
  expect(JSON.parse((await receiver.next()).body)).toMatchObject({ type: "ready", data: { process_id: "p2" } });
  expect(receiver.posted).toEqual([]);
});

test("[R65] the runner is told what to look for, at once and when it connects, and what it finds is posted", async () => {
  const own = await newWorkspace();
  const runner = await runnerOf(own);
  const { id } = await createWebhook(own, { events: ["match"], pattern: "ERR+", process: "web" });
  expect(await runner.frame("watch_output")).toEqual({
    type: "watch_output",
    watches: [{ id, pattern: "ERR+", process: "web" }],
  });
  await sleep(own);
  const again = await ScriptedRunner.connect(own.machine);
  again.hello([{ id: spoolA, first: 1, next: 4 }]);
  expect((await again.frame("welcome")).watches).toEqual([{ id, pattern: "ERR+", process: "web" }]);
  const match: Fact = {
    ...{ type: "match", at: 1_700_000_000_000, process: "p1" as ProcessId, run: 1 },
    ...{ watch: id, offset: 12, text: "ERR 1", skipped: 2 },
  };
  again.send({ spool: spoolA, from: 4, facts: [match, { ...match, watch: "whk_of_nobody" }] });
  const { type, data } = JSON.parse((await receiver.next()).body) as { type: string; data: object };
  expect(type).toBe("match");
  expect(data).toMatchObject({ type: "match", name: "web", watch: id, offset: 12, text: "ERR 1", skipped: 2 });
  expect(receiver.posted).toEqual([]);
  const events = await call("GET", "/v1/machines/-/events?type=match&process=web", own.adminToken);
  expect((await events.json<{ events: object[] }>()).events).toContainEqual(eventOf(data));
  await again.frame("ack");
  await call("DELETE", `/v1/webhooks/${id}`, own.adminToken);
  expect(await again.frame("watch_output")).toEqual({ type: "watch_output", watches: [] });
});

/** The event alone, as readers of the log get it. */
function eventOf(data: object): object {
  const { machine_id: _id, machine: _name, ...event } = data as Record<string, unknown>;
  return event;
}

test("[R60] a machine that joins later is told of as well, and one that is removed no more", async () => {
  const own = await newWorkspace();
  const { id } = await createWebhook(own, { events: ["match"], pattern: "x" });
  const { join } = await (
    await call("POST", "/v1/invites", own.adminToken, { kind: "machine" })
  ).json<{ join: string }>();
  const facts = { name: "second", os: "linux", arch: "x64", runner_version: "1", join };
  const { machine_id: second } = await (await call("POST", "/v1/enroll", null, facts)).json<{ machine_id: string }>();
  await runDurableObjectAlarm(own.object);
  const runner = await ScriptedRunner.connect(machineOfId(second));
  runner.hello([]);
  expect((await runner.frame("welcome")).watches).toEqual([{ id, pattern: "x" }]);
  expect((await call("DELETE", "/v1/machines/second", own.adminToken)).status).toBe(204);
  await runInDurableObject(own.object, (object) => {
    object.tellWebhooks(second, [{ id: "msg_1", webhook: id, type: "exited", body: "{}" }], {});
  });
  expect((await findWebhook(own, id))?.results).toEqual([]);
});

test("[R60] nobody makes a webhook that tells more than their token reads, or sees another's", async () => {
  const own = await newWorkspace();
  const wide = await createWebhook(own);
  const blind = await own.tokenFor({ scopes: ["admin"] });
  const request = { url: hookUrl, events: ["exited"] };
  expect((await call("POST", "/v1/webhooks", blind.token, request)).status).toBe(403);
  const direct = await own.object.createWebhook(
    blind.id,
    { id: "whk_x", secret: "whsec_" },
    { url: hookUrl, events: ["exited"] },
  );
  expect(direct).toMatchObject({ ok: false, refusal: { code: "insufficient_scope" } });
  const narrow = await own.tokenFor({ scopes: ["admin", "read"], machines: ["box"] });
  expect((await createWebhook(own, {}, narrow.token)).machines).toEqual([own.machineId]);
  const { items } = await (await call("GET", "/v1/webhooks", narrow.token)).json<WebhookList>();
  expect(items).toHaveLength(1);
  expect((await call("DELETE", `/v1/webhooks/${wide.id}`, narrow.token)).status).toBe(404);
});

test.for([
  { name: "a private address", body: { url: "https://127.0.0.1/" } },
  { name: "no https", body: { url: "http://example.com/" } },
  { name: "no event", body: { events: [] } },
  { name: "an event twice", body: { events: ["exited", "exited"] } },
  { name: "an unknown event", body: { events: ["started"] } },
  { name: "a match without a pattern", body: { events: ["match"] } },
  { name: "a pattern without a match", body: { pattern: "x" } },
  { name: "a pattern that is none", body: { events: ["match"], pattern: "(" } },
  { name: "an unknown machine", body: { machines: ["nobody"] } },
  { name: "an unknown field", body: { secret: "whsec_x" } },
])("[R62] a webhook with $name is refused", async ({ body }) => {
  const own = await newWorkspace();
  const response = await call("POST", "/v1/webhooks", own.adminToken, { url: hookUrl, events: ["exited"], ...body });
  expect([response.status, (await response.json<Problem>()).code]).toEqual([422, "invalid_request"]);
});

test("[T57] who made and deleted a webhook stands in the audit, without its path", async () => {
  const own = await newWorkspace();
  const { id } = await createWebhook(own, { url: "https://hooks.example/path?key=secret", name: "ci" });
  await call("DELETE", `/v1/webhooks/${id}`, own.adminToken);
  const { items } = await (await call("GET", "/v1/audit", own.adminToken)).json<{ items: { act: string }[] }>();
  const told = items.filter(({ act }) => act.startsWith("webhook_"));
  expect(told).toMatchObject([
    { act: "webhook_created", target: id, outcome: "done", detail: "ci: hooks.example: exited" },
    { act: "webhook_deleted", target: id, outcome: "done" },
  ]);
});
