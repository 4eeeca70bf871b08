// The shim's end of the control connection: one runner at a time, the newest counts. The runner that launched the shim
// is connected from the start by an inherited socket; later ones dial the socket in the file system.

import { chmodSync, rmSync } from "node:fs";
import { createServer, type Server, Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { Appended } from "../spool/spool-writer.ts";
import { ControlDecoder, encodeHint, encodeMessage } from "./control-frames.ts";
import { maxHintedBytes, type RunnerMessage, type ShimMessage } from "./control-messages.ts";

/** Unsent bytes above which hints are left out until the runner caught up. */
const maxUnsentBytes = 256 * 1024;
const flushMs = 1000;

/** Sends `message` to the runner that asked, if it is still there. */
export type Reply = (message: ShimMessage) => void;

export interface ControlHandlers {
  readonly onMessage: (message: RunnerMessage, reply: Reply) => void;
  /** The attached runner went away. */
  readonly onDetached: () => void;
  /** One past the last record on disk. */
  readonly next: () => number;
}

export class ControlServer {
  readonly #handlers: ControlHandlers;
  readonly #connections = new Set<Socket>();
  #attached: Socket | null = null;
  #behind = false;
  #server: Server | null = null;

  constructor(handlers: ControlHandlers) {
    this.#handlers = handlers;
  }

  get isAttached(): boolean {
    return this.#attached !== null;
  }

  /** Takes over a socket the launching runner handed down, and has that runner attached. */
  adopt(fd: number): void {
    try {
      const socket = new Socket({ fd, readable: true, writable: true });
      this.#serve(socket);
      this.#attach(socket);
    } catch (error) {
      console.error("no inherited socket:", error);
    }
  }

  /** Serves later runners at `path`. Failing leaves the run without a way to be adopted, which is said in the log. */
  listen(path: string): void {
    rmSync(path, { force: true });
    this.#server = createServer((socket) => this.#serve(socket));
    this.#server.on("error", (error) => console.error("no control socket:", error));
    this.#server.listen(path, () => chmodSync(path, 0o600));
  }

  /** Tells the runner of a record; leaves that out while it is slow to take what was sent. */
  hint(appended: Appended): void {
    const socket = this.#attached;
    if (socket === null) return;
    if (this.#behind || socket.writableLength > maxUnsentBytes) {
      this.#behind = true;
      return;
    }
    socket.write(encodeHint(appended.number, appended.length <= maxHintedBytes ? appended.pieces : []));
  }

  /** Tells the attached runner; nobody where there is none. */
  send(message: ShimMessage): void {
    if (this.#attached === null) return;
    this.#catchUp(this.#attached);
    this.#attached.write(encodeMessage(message));
  }

  /** Sends what is unsent (for at most a second), then closes everything and removes the socket. */
  async close(): Promise<void> {
    this.#server?.close();
    this.#server = null;
    const ends = [...this.#connections].map((socket) => new Promise((resolve) => socket.end(() => resolve(null))));
    await Promise.race([Promise.all(ends), sleep(flushMs)]);
    for (const socket of this.#connections) socket.destroy();
  }

  #serve(socket: Socket): void {
    const decoder = new ControlDecoder();
    const reply: Reply = (message) => {
      if (socket.writable) socket.write(encodeMessage(message));
    };
    this.#connections.add(socket);
    socket.on("data", (chunk) => {
      try {
        for (const frame of decoder.push(chunk)) {
          if (frame.type !== "message") continue;
          const message = frame.value as RunnerMessage;
          if (message.type === "attach") this.#attach(socket);
          this.#handlers.onMessage(message, reply);
        }
      } catch (error) {
        console.error("closed a connection:", error);
        socket.destroy();
      }
    });
    socket.on("drain", () => {
      if (socket === this.#attached) this.#catchUp(socket);
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#connections.delete(socket);
      if (socket !== this.#attached) return;
      this.#attached = null;
      this.#handlers.onDetached();
    });
  }

  #attach(socket: Socket): void {
    const before = this.#attached;
    this.#attached = socket;
    this.#behind = false;
    if (before !== null && before !== socket) before.destroy();
  }

  #catchUp(socket: Socket): void {
    if (!this.#behind) return;
    this.#behind = false;
    socket.write(encodeHint(this.#handlers.next() - 1, []));
  }
}
