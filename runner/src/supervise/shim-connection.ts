// The runner's end of a control connection: hints and messages in, requests out, each answered or lost with the
// connection.

import { createConnection } from "node:net";
import type { Duplex } from "node:stream";
import { ControlDecoder, encodeMessage, type ControlFrame } from "../shim/control-frames.ts";
import type { RunnerMessage, ShimMessage } from "../shim/control-messages.ts";

type Request = Extract<RunnerMessage, { id: number }>;
type Unnumbered<T> = T extends Request ? Omit<T, "id"> : never;
/** A request before the connection numbers it. */
export type ShimRequest = Unnumbered<Request>;
export type ShimAnswer = Extract<ShimMessage, { id: number }>;

export interface ShimHandlers {
  /** Record `number` and all before it are on disk. */
  readonly onRecord: (number: number, bytes: Uint8Array | null) => void;
  readonly onMessage: (message: Exclude<ShimMessage, ShimAnswer>) => void;
  /** Called once. Nothing else is called after it. */
  readonly onClosed: () => void;
}

/** A connection to the shim that listens at `path`; null where none does, or where it is not wanted any more. */
export async function dialShim(path: string, signal: AbortSignal): Promise<Duplex | null> {
  const socket = createConnection(path);
  const connected = await new Promise<boolean>((resolve) => {
    socket.once("connect", () => resolve(true));
    socket.once("error", () => resolve(false));
  });
  if (connected && !signal.aborted) return socket;
  socket.destroy();
  return null;
}

export class ShimConnection {
  readonly #socket: Duplex;
  readonly #handlers: ShimHandlers;
  readonly #pending = new Map<number, (answer: ShimAnswer | null) => void>();
  #nextId = 1;
  #closed = false;

  constructor(socket: Duplex, handlers: ShimHandlers) {
    this.#socket = socket;
    this.#handlers = handlers;
    const decoder = new ControlDecoder();
    socket.on("data", (chunk: Buffer) => {
      for (const frame of this.#decode(decoder, chunk)) {
        if (this.#closed) return;
        if (frame.type === "hint") handlers.onRecord(frame.number, frame.bytes);
        else this.#onMessage(frame.value as ShimMessage);
      }
    });
    socket.on("error", () => this.close());
    socket.on("close", () => this.close());
    socket.on("end", () => this.close());
  }

  tell(message: Exclude<RunnerMessage, Request>): void {
    if (!this.#closed) this.#socket.write(encodeMessage(message));
  }

  /** The answer; null where the connection was lost before it came. */
  ask(request: ShimRequest): Promise<ShimAnswer | null> {
    if (this.#closed) return Promise.resolve(null);
    const id = this.#nextId++;
    this.#socket.write(encodeMessage({ ...request, id }));
    return new Promise((resolve) => this.#pending.set(id, resolve));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.destroy();
    for (const resolve of this.#pending.values()) resolve(null);
    this.#handlers.onClosed();
  }

  /** What is no control stream is no connection. */
  #decode(decoder: ControlDecoder, chunk: Buffer): ControlFrame[] {
    try {
      return decoder.push(chunk);
    } catch {
      this.close();
      return [];
    }
  }

  #onMessage(message: ShimMessage): void {
    if (!("id" in message)) return this.#handlers.onMessage(message);
    this.#pending.get(message.id)?.(message);
    this.#pending.delete(message.id);
  }
}
