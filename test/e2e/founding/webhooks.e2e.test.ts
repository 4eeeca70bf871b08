// A model's host that is called when something happens, by row A7 of docs/founding.md: the built product posts to a
// receiver that listens here.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { spawn } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { Webhook as StandardWebhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { WebhookRequest } from "@longwire/shared/api/webhook-requests.ts";
import type { NewWebhook, WebhookList } from "@longwire/shared/api/webhooks.ts";
import type { Event } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { root } from "../../support/product.ts";
import { runCli } from "../../support/runner-cli.ts";
import { useProduct } from "../../support/use-product.ts";

const on = useProduct();

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly type: string;
  readonly data: Partial<Event> & { readonly machine_id: string };
}

const received: Received[] = [];
let status = 204;
let receiver: Server;
let address: string;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    void request.toArray().then((pieces: Buffer[]) => {
      const body = Buffer.concat(pieces).toString();
      const { type, data } = JSON.parse(body) as Pick<Received, "type" | "data">;
      received.push({ headers: headersOf(request), body, type, data });
      response.writeHead(status).end("x".repeat(100_000));
    });
  }).listen(0, "127.0.0.1");
  await once(receiver, "listening");
  address = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});
afterAll(() => void receiver.close());

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

async function call<T>(method: string, place: string, body?: unknown): Promise<T> {
  const { url, token } = on.product.ready;
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  const response = await fetch(url + place, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return (response.status === 204 ? null : await response.json()) as T;
}

const create = (request: Partial<WebhookRequest>): Promise<NewWebhook> =>
  call("POST", "/v1/webhooks", { url: address, events: ["exited"], ...request });

const next = (type: string): Promise<Received> =>
  waitUntil(`${type} is posted`, () => {
    const at = received.findIndex((one) => one.type === type);
    return at === -1 ? null : received.splice(at, 1)[0];
  });

test("[R61] [R65] A7: a line of the log, a run that is ready and its end call the model's host", async () => {
  const { secret, id } = await create({ events: ["match", "ready", "exited"], pattern: "ERROR: .*", process: "job" });
  await on.api.start({ command: "echo ERROR: not this one's", name: "other" });
  const script = "echo ERROR: first; sleep 0.2; echo up; read go; printf 'ERROR: last, without a line end'; exit 3";
  await on.api.start({ command: script, name: "job", ready: { pattern: "^up$" } });
  const first = await next("match");
  expect(new StandardWebhook(secret).verify(first.body, first.headers)).toMatchObject({ type: "match" });
  expect(first.data).toMatchObject({ name: "job", run: 1, watch: id, text: "ERROR: first", offset: 13 });
  expect((await next("ready")).data).toMatchObject({ type: "ready", name: "job", detail: "up" });
  await on.api.call("POST", "/processes/job/input", { text: "go", enter: true });
  const end = await next("exited");
  expect(end.data).toMatchObject({ type: "exited", returncode: 3, machine_id: on.product.ready.machine_id });
  expect((await next("match")).data).toMatchObject({ text: "ERROR: last, without a line end" });
  const [event] = await on.api.events((end.data.seq ?? 0) - 1, "&type=exited");
  const { machine_id: _id, machine: _machine, ...data } = end.data as Received["data"] & { machine: string };
  expect(data).toEqual(event);
  await call("DELETE", `/v1/webhooks/${id}`);
  await on.api.start({ command: "echo ERROR: once more", name: "job", if_running: "fail" });
  await on.api.ended("job");
  expect(received).toEqual([]);
});

test("[T28] A7: the command line makes a webhook, lists it with how it went, and deletes it", async () => {
  const { url, token } = on.product.ready;
  const run = async (...args: string[]) =>
    await runCli(["webhook", ...args, "--server", url], { LONGWIRE_TOKEN: token });
  const made = await run("create", address, "--on", "exited", "--process", "cli", "--json");
  const { id, secret } = JSON.parse(made.stdout) as NewWebhook;
  await on.api.start({ command: "exit 7", name: "cli" });
  const { body, headers } = await next("exited");
  expect(() => new StandardWebhook(secret).verify(body, headers)).not.toThrow();
  await waitUntil("it is noted", async () => {
    const { items } = await call<WebhookList>("GET", "/v1/webhooks");
    return items.some(({ results }) => results[0]?.state === "delivered");
  });
  expect((await run("list")).stdout).toBe(
    `${id}  ${address}  exited by cli on all machines; last exited: answered 204\n`,
  );
  expect((await run("delete", id)).code).toBe(0);
  const refused = await run("create", "http://10.0.0.1/", "--on", "ready");
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining("private")]);
});

test("[R63] A7: what the host does not take is listed with why, and when it is tried again", async () => {
  status = 302;
  const { id } = await create({});
  await on.api.start({ command: "true", name: "quick" });
  await next("exited");
  const webhook = await waitUntil("it is noted", async () => {
    const { items } = await call<WebhookList>("GET", "/v1/webhooks");
    const found = items.find((one) => one.id === id);
    return found?.results[0]?.tries === 1 ? found : null;
  });
  expect(webhook.results[0]).toMatchObject({ state: "waiting", status: 302, type: "exited" });
  expect(webhook.results[0]?.error).toContain("redirects are not followed");
  await call("DELETE", `/v1/webhooks/${id}`);
  status = 204;
});

test("[R61] A7: the example takes what is genuine, and refuses what is not", async () => {
  const { url, token } = on.product.ready;
  const example = spawn(process.execPath, [path.join(root, "examples/webhook.mjs"), url, token, "ready to [a-z]+"]);
  const lines: string[] = [];
  createInterface({ input: example.stdout }).on("line", (line) => lines.push(line));
  try {
    await waitUntil("it listens", () => lines[0]);
    const { items } = await call<WebhookList>("GET", "/v1/webhooks");
    const forged = { method: "POST", body: "{}", headers: { "webhook-id": "x", "webhook-timestamp": "1" } };
    expect((await fetch(items.at(-1)?.url ?? "", forged)).status).toBe(401);
    await on.api.start({ command: "echo ready to serve; exit 4", name: "served" });
    await waitUntil("both are printed", () => lines.length === 3);
    expect(lines.slice(1).toSorted()).toEqual(["exited served: exit", "match served: ready to serve"]);
  } finally {
    example.kill("SIGINT");
    await once(example, "exit");
  }
  expect((await call<WebhookList>("GET", "/v1/webhooks")).items).toEqual([]);
});
