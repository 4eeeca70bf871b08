// Stands between runners and a control plane and reads along: keeps the frames that pass, and can say something in the
// control plane's name, as whoever broke the connection's secrecy could.

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import WebSocket, { WebSocketServer } from "ws";
import { linkSubprotocol } from "@longwire/shared/wire/link.ts";
import { closeServer } from "./close-server.ts";

/** A frame that passed: a text, or a batch as bytes. */
export interface RelayedFrame {
  readonly from: "runner" | "object";
  readonly frame: string | Buffer;
}

export class FrameRelay {
  /** In the order they came by. */
  readonly frames: RelayedFrame[] = [];
  readonly #target: string;
  readonly #server: Server;
  readonly #sockets = new Set<WebSocket>();
  #runner: WebSocket | null = null;

  private constructor(target: string) {
    this.#target = target;
    this.#server = createServer((request, response) => void this.#forward(request, response));
    const sockets = new WebSocketServer({ server: this.#server, handleProtocols: () => linkSubprotocol });
    sockets.on("connection", (socket, request) => this.#join(socket, request));
  }

  /** A relay on a free port of loopback to the control plane at `target`. */
  static async open(target: string): Promise<FrameRelay> {
    const relay = new FrameRelay(target);
    relay.#server.listen(0, "127.0.0.1");
    await once(relay.#server, "listening");
    return relay;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the relay is closed");
    return `http://127.0.0.1:${address.port}`;
  }

  /** The frames of one end. */
  sentBy(from: RelayedFrame["from"]): (string | Buffer)[] {
    return this.frames.filter((passed) => passed.from === from).map(({ frame }) => frame);
  }

  /** Says `frame` to the runner that connected last. */
  inject(frame: string | Buffer): void {
    this.#runner?.send(frame);
  }

  /** Ends every connection. */
  reset(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  async close(): Promise<void> {
    this.reset();
    await closeServer(this.#server);
  }

  #join(near: WebSocket, request: IncomingMessage): void {
    const address = `${this.#target.replace(/^http/, "ws")}${request.url ?? ""}`;
    const headers = { Authorization: request.headers.authorization ?? "" };
    const far = new WebSocket(address, linkSubprotocol, { headers, perMessageDeflate: false });
    const opened = once(far, "open").catch(() => near.terminate());
    this.#runner = near;
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.on("error", () => other.terminate());
      one.on("close", (code, reason) => {
        this.#sockets.delete(one);
        if (code >= 3000 || code === 1000) other.close(code, reason);
        else other.terminate();
      });
    }
    near.on("message", (data, isBinary) => {
      const frame = isBinary ? (data as Buffer) : (data as Buffer).toString();
      this.frames.push({ from: "runner", frame });
      void opened.then(() => far.send(frame));
    });
    far.on("message", (data) => {
      const text = (data as Buffer).toString();
      this.frames.push({ from: "object", frame: text });
      near.send(text);
    });
  }

  async #forward(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
    const answer = await fetch(`${this.#target}${request.url ?? ""}`, {
      method: request.method ?? "GET",
      headers: { "Content-Type": "application/json" },
      body: Buffer.concat(pieces),
    });
    response.writeHead(answer.status, { "Content-Type": answer.headers.get("Content-Type") ?? "" });
    response.end(Buffer.from(await answer.arrayBuffer()));
  }
}
