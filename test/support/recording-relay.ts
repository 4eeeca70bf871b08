// Stands between a runner and the control plane and keeps every message of the link, as it went by.

import { once } from "node:events";
import { createServer, type Server } from "node:http";
import WebSocket, { WebSocketServer } from "ws";
import { linkSubprotocol } from "@longwire/shared/wire/link.ts";

/** One message. Text as it is, a binary one as base 64. */
export interface LinkMessage {
  readonly from: "runner" | "object";
  readonly text?: string;
  readonly base64?: string;
}

export class RecordingRelay {
  readonly messages: LinkMessage[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<WebSocket>();

  private constructor(target: string) {
    this.#server = createServer((request, response) => {
      const { method = "GET", url = "/", headers } = request;
      const type = headers["content-type"];
      request.toArray().then(
        async (chunks) => {
          const body = Buffer.concat(chunks as Buffer[]);
          const init = { method, headers: type === undefined ? {} : { "Content-Type": type }, body };
          const answer = await fetch(target + url, init);
          response.writeHead(answer.status, { "Content-Type": "application/json" }).end(await answer.text());
        },
        () => response.destroy(),
      );
    });
    const sockets = new WebSocketServer({ server: this.#server, handleProtocols: () => linkSubprotocol });
    sockets.on("connection", (near, request) => {
      const headers = { Authorization: request.headers.authorization ?? "" };
      const far = new WebSocket(target.replace(/^http/, "ws") + request.url, linkSubprotocol, { headers });
      const opened = once(far, "open");
      this.#relay("runner", near, far, opened);
      this.#relay("object", far, near, Promise.resolve());
    });
  }

  /** A relay on a free port to the control plane at `target`. */
  static async open(target: string): Promise<RecordingRelay> {
    const relay = new RecordingRelay(target);
    relay.#server.listen(0, "127.0.0.1");
    await once(relay.#server, "listening");
    return relay;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the relay is closed");
    return `http://127.0.0.1:${address.port}`;
  }

  #relay(from: "runner" | "object", one: WebSocket, other: WebSocket, opened: Promise<unknown>): void {
    this.#sockets.add(one);
    one.on("message", (data, isBinary) => {
      const bytes = data as Buffer;
      this.messages.push({ from, ...(isBinary ? { base64: bytes.toString("base64") } : { text: bytes.toString() }) });
      void opened.then(() => other.send(bytes, { binary: isBinary }));
    });
    one.on("close", () => other.close());
    one.on("error", () => other.terminate());
  }

  close(): void {
    for (const socket of this.#sockets) socket.terminate();
    this.#server.close();
  }
}
