// Stands in a product's place before its tests: what is asked goes through a proxy of another project, which records it or
// judges it by the document. Streams, sockets and raw bytes go past it, since those proxies hand answers on whole and as
// text; so do headers no proxy takes.

import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import { createConnection, type AddressInfo, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import { finished } from "node:stream/promises";

const maxHeaderSize = 64 * 1024;
const maxProxiedHeaders = 8 * 1024;

const goesPast = ({ headers, url = "", rawHeaders }: IncomingMessage): boolean =>
  headers.accept?.includes("text/event-stream") === true ||
  /[?&]format=raw(&|$)/.test(url) ||
  rawHeaders.join("").length + url.length > maxProxiedHeaders;

export interface Front {
  readonly url: string;
  close(): Promise<void>;
}

/** `target`: the product; `proxy`: what stands before it. */
export async function openFront(target: string, proxy: string): Promise<Front> {
  const sockets = new Set<Socket | Duplex>();
  const server = createServer({ maxHeaderSize }, (asked, answer) => {
    void handOn(goesPast(asked) ? target : proxy, asked, answer);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  server.on("upgrade", (asked: IncomingMessage, socket, head) => {
    const { port, hostname } = new URL(target);
    const there = createConnection(Number(port), hostname, () => {
      const pairs = Array.from({ length: asked.rawHeaders.length / 2 }, (_, at) =>
        asked.rawHeaders.slice(2 * at, 2 * at + 2),
      );
      const lines = pairs.map(([name, value]) => `${name}: ${value}`);
      there.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      there.write(head);
      there.pipe(socket).pipe(there);
    });
    for (const end of [socket, there]) end.on("error", () => [socket, there].map((one) => one.destroy()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function handOn(to: string, asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const { hostname, port } = new URL(to);
  const { method, url: path, headers } = asked;
  const passed = request({ hostname, port, method, path, headers, maxHeaderSize, agent: false });
  passed.on("error", () => answer.destroy());
  asked.on("error", () => passed.destroy());
  // Whoever asked and is gone takes its request along.
  answer.once("close", () => answer.writableFinished || passed.destroy());
  passed.on("response", (got) => {
    answer.writeHead(got.statusCode ?? 502, got.headers);
    got.on("error", () => answer.destroy());
    got.pipe(answer);
  });
  asked.pipe(passed);
  await finished(answer).catch(() => undefined);
}
