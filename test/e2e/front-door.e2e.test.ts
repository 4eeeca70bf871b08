// Requests as bytes, sent to the built product: what no well-behaved client sends.

import { once } from "node:events";
import { connect, createServer, type AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import type { Problem } from "@longwire/shared/api/views.ts";
import { maxBodyBytes } from "@longwire/shared/limits.ts";
import { LoneRunner } from "../support/lone-runner.ts";
import { residentBytes } from "../support/process-figures.ts";
import { sendRaw, type RawAnswer } from "../support/raw-request.ts";
import { useProduct } from "../support/use-product.ts";

const on = useProduct();

const MiB = 1024 * 1024;

function head(lines: readonly string[], target = "/v1/machines", method = "GET"): string {
  return [`${method} ${target} HTTP/1.1`, ...lines, "", ""].join("\r\n");
}

const host = "Host: 127.0.0.1";
const bearer = (): string => `Authorization: Bearer ${on.product.ready.token}`;

async function ask(...pieces: string[]): Promise<RawAnswer> {
  return await sendRaw(on.product.ready.url, pieces);
}

const codeOf = ({ body }: RawAnswer): string => (JSON.parse(body) as Problem).code;

test("[T1] two Authorization headers, a token in the address and no Bearer in front are no authorisation", async () => {
  const { token } = on.product.ready;
  expect((await ask(head([host, bearer()]))).status).toBe(200);
  for (const request of [
    head([host, bearer(), bearer()]),
    head([host, bearer(), "Authorization: Bearer x"]),
    head([host, "Authorization: Basic x", bearer()]),
    head([host, `Authorization: ${token}`]),
    head([host, `Authorization: Bearer ${token} ${token}`]),
    head([host, "Authorization: Bearer"]),
    head([host, "Authorization:"]),
    head([host], `/v1/machines?token=${token}`),
    head([host], `/v1/machines?access_token=${token}`),
    head([host, bearer()], `/v1/machines?access_token=${token}`),
  ]) {
    const answer = await ask(request);
    expect([answer.status, codeOf(answer)]).toEqual([401, "unauthorized"]);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer/);
    expect(answer.body).not.toContain(token);
  }
});

test("[T4] a Host that is not ours, two of them and none are refused", async () => {
  expect((await ask(head(["Host: evil.example", bearer()]))).status).toBe(403);
  // The runtime cannot make an address of these.
  for (const hosts of [[host, "Host: evil.example"], ["Host: a b"], []]) {
    const { status, body } = await ask(head([...hosts, bearer()]));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(body).not.toContain("machine");
  }
});

test("[T30] headers and addresses beyond their bound are refused, whatever there is of them", async () => {
  const many = Array.from({ length: 10_000 }, (_, at) => `h${at}: x`);
  expect(codeOf(await ask(head([host, ...many])))).toBe("headers_too_large");
  expect(codeOf(await ask(head([host, `x: ${"x".repeat(100_000)}`])))).toBe("headers_too_large");
  expect(codeOf(await ask(head([host], `/${"x".repeat(100_000)}`)))).toBe("url_too_long");
  // Too much for the runtime itself, which answers or just hangs up.
  expect([0, 431]).toContain((await ask(head([host, `x: ${"x".repeat(MiB)}`]))).status);
  expect((await ask(head([host, bearer()]))).status).toBe(200);
});

test("[T30] a body of 100 MB and one that never ends are not read to their end, and take no memory", async () => {
  const workerd = on.product.find(/workerd.*serve/).pid;
  const before = residentBytes(workerd);
  const json = "Content-Type: application/json";
  const chunk = `${(MiB / 4).toString(16)}\r\n${"x".repeat(MiB / 4)}\r\n`;
  function* endless(headers: string): Generator<string> {
    yield headers;
    for (let sent = 0; sent < 200 * MiB; sent += chunk.length) yield chunk;
  }
  const target = "/v1/machines/-/processes";
  const chunked = head([host, bearer(), json, "Transfer-Encoding: chunked"], target, "POST");
  const declared = head([host, bearer(), json, `Content-Length: ${100 * MiB}`], target, "POST");
  expect(codeOf(await ask(declared))).toBe("payload_too_large");
  const open = head([host, json, "Transfer-Encoding: chunked"], "/v1/enroll", "POST");
  for (const request of [chunked, declared, open]) {
    const answer = await sendRaw(on.product.ready.url, endless(request));
    // Who still sends when the other end hangs up may not get to read the answer.
    if (answer.status !== 0) expect([answer.status, codeOf(answer)]).toEqual([413, "payload_too_large"]);
    expect(answer.sentBytes).toBeLessThan(64 * maxBodyBytes);
  }
  expect(residentBytes(workerd) - before).toBeLessThan(64 * MiB);
});

const handshake = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==";

test("[T32] compression that is offered is not taken up", async () => {
  const offer = "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits";
  const protocol = "Sec-WebSocket-Protocol: longwire.events.v1";
  const answer = await ask(head([host, bearer(), ...handshake, key, protocol, offer], "/v1/machines/-/ws"));
  expect(answer.status).toBe(101);
  expect(answer.headers.get("sec-websocket-protocol")).toBe("longwire.events.v1");
  expect(answer.headers.has("sec-websocket-extensions")).toBe(false);
});

test("[T32] the runner offers no compression", async () => {
  const passed: string[] = [];
  const server = createServer((near) => {
    const far = connect(Number(new URL(on.product.ready.url).port), "127.0.0.1");
    near.on("data", (data) => passed.push(data.toString("latin1")));
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const runner = await LoneRunner.start({ server: `http://127.0.0.1:${port}`, hostData: on.product.data });
  onTestFinished(() => runner.close());
  const upgrade = passed.find((text) => text.startsWith("GET /v1/link "));
  expect(upgrade).toMatch(/^Sec-WebSocket-Protocol: longwire\.runner\.v1\r$/m);
  expect(upgrade).not.toMatch(/^Sec-WebSocket-Extensions/im);
});

test("[T32] a viewer's message beyond its bound closes the socket with 1009", async () => {
  const { url, token } = on.product.ready;
  for (const protocol of ["longwire.events.v1", "longwire.viewer.v1"]) {
    const socket = new WebSocket(`${url.replace(/^http/, "ws")}/v1/machines/-/ws`, protocol, {
      headers: { Authorization: `Bearer ${token}` },
      perMessageDeflate: true,
    });
    await once(socket, "open");
    expect(socket.extensions).toBe("");
    socket.send("x".repeat(64 * 1024 + 1));
    const [code] = (await once(socket, "close")) as [number];
    expect(code).toBe(1009);
  }
});
