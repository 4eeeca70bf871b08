import { once } from "node:events";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from "vitest";
import { WebSocketServer } from "ws";
import { ConnectProxy } from "@longwire/shared/node/fixtures/connect-proxy.ts";
import { makeFolder } from "@longwire/shared/node/fixtures/programs.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { obtainIdentity } from "../cli/identity.ts";
import { dial } from "./dial.ts";
import { findProxy } from "./proxy.ts";

const names = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"];
beforeEach(() => {
  for (const name of names) for (const one of [name, name.toLowerCase()]) vi.stubEnv(one, undefined);
});
afterEach(() => vi.unstubAllEnvs());

const token = "lw_secret";

interface TestServer {
  readonly port: number;
  /** All requests it saw. */
  readonly seen: IncomingMessage[];
}

/** A server on a free port of loopback: of pages where there is an `answer`, else of links. */
async function serve(answer?: RequestListener): Promise<TestServer> {
  const seen: IncomingMessage[] = [];
  const server = createServer(answer);
  server.on("request", (request) => seen.push(request));
  if (answer === undefined) {
    const links = new WebSocketServer({ server }).on("connection", (_, request) => seen.push(request));
    onTestFinished(() => links.clients.forEach((link) => link.terminate()));
  }
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { port: (server.address() as AddressInfo).port, seen };
}

async function openProxy(port: number): Promise<ConnectProxy> {
  const proxy = await ConnectProxy.open(port);
  onTestFinished(() => proxy.close());
  return proxy;
}

/** Dials until the test has finished; what came of it. */
function dialling(url: string): { opened: number; readonly reasons: string[]; readonly finals: boolean[] } {
  const came = { opened: 0, reasons: [] as string[], finals: [] as boolean[] };
  const dialled = dial({
    url,
    token,
    onOpen: () => void came.opened++,
    onText: () => {},
    onDown: ({ reason, final }) => {
      came.reasons.push(reason);
      came.finals.push(final);
    },
  });
  onTestFinished(() => dialled.close());
  return came;
}

test.each([
  ["HTTP_PROXY", "http://"],
  ["http_proxy", ""],
  ["ALL_PROXY", "http://"],
])("[D21] the link goes through the proxy named by %s, written with %j before it", async (name, scheme) => {
  const { port, seen } = await serve();
  const proxy = await openProxy(port);
  vi.stubEnv(name, `${scheme}${proxy.host}`);
  const came = dialling("ws://control.example:8787/v1/link");
  await waitUntil("the link is open", () => came.opened > 0);
  expect(proxy.targets).toEqual(["control.example:8787"]);
  expect(seen[0]?.headers.authorization).toBe(`Bearer ${token}`);
  // The proxy itself is told nothing but where to.
  expect(proxy.requests.map(({ headers }) => headers.authorization)).toEqual([undefined]);
});

test.each(["127.0.0.1", "localhost"])("[D21] nothing to %s goes through a proxy", async (host) => {
  const { port } = await serve();
  const proxy = await openProxy(port);
  vi.stubEnv("HTTP_PROXY", `http://${proxy.host}`);
  const came = dialling(`ws://${host}:${port}/v1/link`);
  await waitUntil("the link is open", () => came.opened > 0);
  expect(proxy.targets).toEqual([]);
});

test("[D21] what NO_PROXY names is dialled directly", async () => {
  const proxy = await openProxy(1);
  vi.stubEnv("HTTP_PROXY", `http://${proxy.host}`);
  vi.stubEnv("NO_PROXY", "example.org,.invalid");
  const came = dialling("ws://control.invalid/v1/link");
  await waitUntil("the name is looked up here", () => came.reasons[0]);
  expect(came.reasons[0]).toContain("control.invalid");
  expect(proxy.targets).toEqual([]);
});

test("[D21] a login of the proxy's is sent to it, and one that is missing is asked for", async () => {
  const { port } = await serve();
  const proxy = await openProxy(port);
  proxy.status = 407;
  vi.stubEnv("HTTP_PROXY", `http://${proxy.host}`);
  const came = dialling("ws://control.example/v1/link");
  await waitUntil("it was refused twice", () => came.reasons.length > 1);
  expect(came.reasons[0]).toBe(
    `the proxy http://${proxy.host} asks for another login (407): name it as http://USER:PASSWORD@${proxy.host} in the environment`,
  );
  proxy.status = 200;
  vi.stubEnv("HTTP_PROXY", `http://me:it%40s@${proxy.host}`);
  await waitUntil("the link is open", () => came.opened > 0);
  const login = Buffer.from("me:it@s").toString("base64");
  expect(proxy.requests.at(-1)?.headers["proxy-authorization"]).toBe(`Basic ${login}`);
});

test("[D21] a proxy that speaks neither HTTP nor HTTPS is refused", () => {
  vi.stubEnv("ALL_PROXY", "socks5://127.0.0.1:1080");
  expect(() => findProxy(new URL("https://control.example"))).toThrow("no http:// or https:// address");
});

test("[D21] enrolling goes the same way, and says what the proxy said", async () => {
  const { port, seen } = await serve((_, response) => {
    const answer = { machine_id: "m_1", machine_token: "lw_machine", admin_token: "lw_admin", workspace_id: "w_1" };
    response.writeHead(201, { "Content-Type": "application/json" }).end(JSON.stringify(answer));
  });
  const proxy = await openProxy(port);
  vi.stubEnv("http_proxy", `http://${proxy.host}`);
  const options = { server: "http://control.example", name: "box", join: undefined, enrollKey: "key" };
  proxy.status = 403;
  await expect(obtainIdentity({ ...options, dataFolder: makeFolder() })).rejects.toThrow(
    `the proxy http://${proxy.host} does not let this through (403)`,
  );
  expect(seen).toEqual([]);
  proxy.status = 200;
  const identity = await obtainIdentity({ ...options, dataFolder: makeFolder() });
  expect([identity.machine_token, seen[0]?.headers.host]).toEqual(["lw_machine", "control.example"]);
});

test("[D21] a proxy that says nothing is given up and dialled again, and no connection to it stays", async () => {
  const proxy = await openProxy(1);
  proxy.status = null;
  vi.stubEnv("HTTP_PROXY", `http://${proxy.host}`);
  const came = dialling("ws://control.example/v1/link");
  await waitUntil("it was given up", () => came.reasons.length > 0, 25_000);
  await waitUntil("it is dialled again", () => proxy.targets.length > 1);
  await waitUntil("the first connection is gone", () => proxy.connections === 1);
});

test.each([
  ["a redirect to another host", 302],
  ["a page to sign in at", 200],
])("[D22] %s in place of the link is tried again, and the token goes nowhere else", async (_, status) => {
  const elsewhere = await serve((__, response) => void response.end());
  const portal = await serve((__, response) => {
    response.writeHead(status, { Location: `http://127.0.0.1:${elsewhere.port}/`, "Content-Type": "text/html" });
    response.end("<html>Welcome to our hotel</html>");
  });
  const came = dialling(`ws://127.0.0.1:${portal.port}/v1/link`);
  await waitUntil("it was tried three times", () => came.reasons.length > 2);
  expect(came.reasons[0]).toContain(String(status));
  expect([came.opened, came.finals.includes(true)]).toEqual([0, false]);
  const enrolling = { server: `http://127.0.0.1:${portal.port}`, name: "box", join: undefined, enrollKey: "key" };
  await expect(obtainIdentity({ ...enrolling, dataFolder: makeFolder() })).rejects.toMatchObject({
    code: "unexpected_answer",
    status,
  });
  expect(elsewhere.seen).toEqual([]);
});
