// A TCP proxy with faults: what passes may be late, slow, in small pieces, or held back; connections may be reset and
// new ones refused. Bytes are never lost or changed inside a connection, since TCP itself does not do that.

import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

export interface Faults {
  /** Added to every piece, in milliseconds. */
  readonly latencyMs?: number;
  /** What passes in one direction of one connection. */
  readonly bytesPerSecond?: number;
  /** The largest piece that is passed on at once. */
  readonly sliceBytes?: number;
  /** Connections stay open and nothing passes. */
  readonly blackHole?: boolean;
  /** New connections are reset. */
  readonly refuse?: boolean;
}

const lookAgainMs = 20;

export class FaultProxy {
  /** What goes wrong from now on. */
  faults: Faults = {};
  /** The address from which the other end sees new connections come. */
  localAddress = "127.0.0.1";
  /** Connections taken so far. */
  accepted = 0;
  /** Where in what is sent to the other end its connection is cut. */
  #cut: { left: number; readonly done: () => void } | null = null;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** A proxy on a free port of loopback to `port` there. */
  static async open(port: number): Promise<FaultProxy> {
    const server = createServer();
    const proxy = new FaultProxy(server);
    server.on("connection", (near) => proxy.#accept(near, port));
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return proxy;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("the proxy is closed");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Resets every connection there is. */
  reset(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Lets `bytes` more pass to the other end, then cuts that connection, mostly within a frame. Resolves then. */
  async cutAfter(bytes: number): Promise<void> {
    await new Promise<void>((done) => {
      this.#cut = { left: bytes, done };
    });
  }

  /** Nobody listens any more, and what is connected is reset; the function it returns opens the same port again. */
  async leave(): Promise<() => Promise<void>> {
    const { port } = new URL(this.url);
    const closed = once(this.#server, "close");
    this.#server.close();
    this.reset();
    await closed;
    return async () => {
      this.#server.listen(Number(port), "127.0.0.1");
      await once(this.#server, "listening");
    };
  }

  async close(): Promise<void> {
    this.faults = { refuse: true };
    const closed = once(this.#server, "close");
    this.#server.close();
    this.reset();
    await closed;
  }

  #accept(near: Socket, port: number): void {
    if (this.faults.refuse === true) {
      near.resetAndDestroy();
      return;
    }
    this.accepted++;
    const far = connect({ port, host: "127.0.0.1", localAddress: this.localAddress });
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(from);
      from.setNoDelay(true);
      from.on("error", () => to.destroy());
      from.on("close", () => {
        this.#sockets.delete(from);
        to.destroy();
      });
      this.#relay(from, to, from === near).catch(() => from.destroy());
    }
  }

  async #relay(from: Socket, to: Socket, mayCut: boolean): Promise<void> {
    for await (const chunk of from as AsyncIterable<Buffer>) {
      for (let at = 0; at < chunk.byteLength;) {
        while (this.faults.blackHole === true && !to.destroyed) await delay(lookAgainMs);
        const { latencyMs = 0, bytesPerSecond = Infinity, sliceBytes = Infinity } = this.faults;
        const piece = chunk.subarray(at, at + Math.min(sliceBytes, chunk.byteLength - at));
        at += piece.byteLength;
        if (mayCut && this.#cut !== null) {
          if (this.#cut.left < piece.byteLength) return this.#cutNow(this.#cut, from, to, piece);
          this.#cut.left -= piece.byteLength;
        }
        const waitMs = latencyMs + (piece.byteLength * 1000) / bytesPerSecond;
        if (waitMs >= 1) await delay(waitMs);
        if (to.destroyed) return;
        if (!to.write(piece)) await Promise.race([once(to, "drain"), once(to, "close")]);
      }
    }
    to.end();
  }

  #cutNow(cut: { readonly left: number; readonly done: () => void }, from: Socket, to: Socket, piece: Buffer): void {
    this.#cut = null;
    to.end(piece.subarray(0, cut.left), () => from.resetAndDestroy());
    cut.done();
  }
}
