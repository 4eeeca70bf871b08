// A proxy on a port of loopback that adds a header to what passes: for clients that can be given none. All else passes
// as it is, `Host` and `Origin` too, and answers pass piece by piece.

import { once } from "node:events";
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { closeServer } from "../support/close-server.ts";

export class HeaderProxy {
  readonly url: string;
  readonly #server: Server;

  private constructor(url: string, server: Server) {
    this.url = url;
    this.#server = server;
  }

  /** In front of `target`, an origin of this machine. */
  static async open(target: string, headers: Readonly<Record<string, string>>): Promise<HeaderProxy> {
    const server = createServer((asked, answer) => pass(asked, answer, new URL(target), headers));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy listens on no port");
    return new HeaderProxy(`http://127.0.0.1:${address.port}`, server);
  }

  async close(): Promise<void> {
    await closeServer(this.#server);
  }
}

function pass(
  asked: IncomingMessage,
  answer: ServerResponse,
  { hostname, port }: URL,
  headers: Readonly<Record<string, string>>,
): void {
  const { method, url: path, headers: given } = asked;
  const onward = request({ hostname, port, method, path, headers: { ...given, ...headers } }, (from) => {
    answer.writeHead(from.statusCode ?? 502, from.headers);
    answer.flushHeaders();
    from.pipe(answer);
  });
  onward.on("error", () => answer.destroy());
  answer.on("close", () => onward.destroy());
  asked.pipe(onward);
}
