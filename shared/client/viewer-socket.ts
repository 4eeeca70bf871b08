// One socket of `longwire.viewer.v1`: opened with the token or a ticket, its messages in order, its end.

import { readViewerFrame, type ViewerFrame } from "../src/read-viewer-frame.ts";
import { viewerSubprotocol } from "../src/viewer-frame.ts";
import type { ViewerRequest } from "../src/viewer-request.ts";
import { pingText, pongText } from "../src/ping.ts";
import type { Caller } from "./caller.ts";
import { unreached } from "./longwire-error.ts";
import { getTicket } from "./workspace.ts";

/** A message as it was read; null where it is of a kind this client does not know. */
export interface ViewerMessage {
  readonly frame: ViewerFrame | null;
  /** What it took of the credit. */
  readonly bytes: number;
}

export interface Ending {
  readonly code: number;
  readonly reason: string;
}

/** Answered by the platform without waking the object. What says nothing for this long is asked once, then given up. */
const pingEveryMs = 20_000;

const toText = (utf8: Uint8Array): string => new TextDecoder().decode(utf8);
const sizeOf = (text: string): number => new TextEncoder().encode(text).byteLength;

export class ViewerSocket {
  readonly #socket: WebSocket;
  readonly #unread: ViewerMessage[] = [];
  #wake: () => void = () => undefined;
  #ending: Ending | null = null;
  #hasHeard = true;
  readonly #pings: ReturnType<typeof setInterval>;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    this.#pings = setInterval(() => this.#ping(), pingEveryMs);
    socket.addEventListener("message", ({ data }) => this.#take(data as string | ArrayBuffer));
    socket.addEventListener("close", ({ code, reason }) => this.#end({ code, reason }));
  }

  /** Opens one to the machine of `caller`. Throws `LongwireError` with the reason where it does not open. */
  static async open(caller: Caller, signal?: AbortSignal): Promise<ViewerSocket> {
    const url = new URL(caller.machinePath("/ws"), caller.url);
    url.protocol = url.protocol.replace("http", "ws");
    const withHeaders = !caller.usesTickets;
    const protocols = withHeaders ? [viewerSubprotocol] : [viewerSubprotocol, await getTicket(caller, { signal })];
    signal?.throwIfAborted();
    const socket = caller.openSocket(url.href, { protocols, headers: withHeaders ? caller.authorisation() : {} });
    socket.binaryType = "arraybuffer";
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.addEventListener("open", () => resolve(true));
      socket.addEventListener("error", () => resolve(false));
      socket.addEventListener("close", () => resolve(false));
      signal?.addEventListener("abort", () => resolve(false), { once: true });
    });
    if (isOpen && signal?.aborted !== true) return new ViewerSocket(socket);
    socket.close();
    signal?.throwIfAborted();
    throw unreached(caller.url);
  }

  get ending(): Ending | null {
    return this.#ending;
  }

  say(request: ViewerRequest): void {
    if (this.#ending === null) this.#socket.send(JSON.stringify(request));
  }

  /** The next message; null once all were read and the socket has ended. Rejects with the signal's reason. */
  async read(signal?: AbortSignal): Promise<ViewerMessage | null> {
    for (;;) {
      signal?.throwIfAborted();
      const message = this.#unread.shift();
      if (message !== undefined) return message;
      if (this.#ending !== null) return null;
      let wake = (): void => undefined;
      const woken = new Promise<void>((resolve) => {
        wake = () => resolve();
      });
      this.#wake = wake;
      signal?.addEventListener("abort", wake);
      await woken;
      // A stream reads a million times under one signal.
      signal?.removeEventListener("abort", wake);
    }
  }

  close(): void {
    this.#end({ code: 1000, reason: "" });
  }

  #take(data: string | ArrayBuffer): void {
    this.#hasHeard = true;
    if (data === pongText) return;
    const message = typeof data === "string" ? data : new Uint8Array(data);
    const bytes = typeof message === "string" ? sizeOf(message) : message.byteLength;
    this.#unread.push({ frame: readViewerFrame(message, toText), bytes });
    this.#wake();
  }

  #ping(): void {
    if (!this.#hasHeard) return this.#end({ code: 1006, reason: "it says nothing any more" });
    this.#hasHeard = false;
    this.#socket.send(pingText);
  }

  /** Does not wait for the other end, which may be gone. */
  #end(ending: Ending): void {
    clearInterval(this.#pings);
    if (this.#ending !== null) return;
    this.#ending = ending;
    this.#socket.close();
    this.#wake();
  }
}
