import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { afterEach, expect, onTestFinished, test, vi } from "vitest";
import { maxAnswerBytes } from "@longwire/shared/limits.ts";
import { openClient } from "./open-client.ts";

afterEach(() => vi.unstubAllEnvs());

const token = "lw_secret";
const pem = readFileSync(new URL("../../../test/fixtures/control-example.pem", import.meta.url));

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return (server.address() as AddressInfo).port;
}

const serve = async (answer: RequestListener): Promise<number> => await listen(createServer(answer));

test("[T28] what the command line asks is asked of its control plane alone: no redirect is followed", async () => {
  let strayed = 0;
  const elsewhere = await serve((_, response) => {
    strayed++;
    response.end("{}");
  });
  const port = await serve((_, response) => {
    response.writeHead(307, { Location: `http://127.0.0.1:${elsewhere}/v1/machines` }).end();
  });
  const client = openClient({ server: `http://127.0.0.1:${port}`, token });
  await expect(client.machines()).rejects.toMatchObject({ code: "unexpected_answer", status: 307 });
  expect(strayed).toBe(0);
});

test("[T67] a certificate nobody vouches for gets neither the command line's request nor its socket", async () => {
  vi.stubEnv("NODE_TLS_REJECT_UNAUTHORIZED", "0");
  let requests = 0;
  const server = createSecureServer({ key: pem, cert: pem }, (_, response) => {
    requests++;
    response.end("{}");
  });
  server.on("upgrade", () => requests++);
  const port = await listen(server);
  const client = openClient({ server: `https://127.0.0.1:${port}`, token });
  await expect(client.machines()).rejects.toMatchObject({ code: "unreachable" });
  await expect(client.events()[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "unreachable" });
  expect(requests).toBe(0);
});

test("[T28] an answer is read up to its bound, and output as bytes as long as it is", async () => {
  const filler = Buffer.alloc(1024 * 1024, 32);
  const port = await serve(({ url = "" }, response) => {
    if (url.includes("format=raw")) response.writeHead(200, { "X-Next-Cursor": "1.9", "X-Process-State": "exited" });
    Readable.from(Array.from({ length: maxAnswerBytes / filler.byteLength + 1 }, () => filler)).pipe(response);
  });
  const client = openClient({ server: `http://127.0.0.1:${port}`, token });
  await expect(client.machines()).rejects.toThrow("an answer of more than");
  const { output } = await client.rawStream("web");
  let bytes = 0;
  for await (const chunk of output) bytes += chunk.byteLength;
  expect(bytes).toBe(maxAnswerBytes + filler.byteLength);
});
