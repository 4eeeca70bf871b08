// A socket that says wrong things, one at a time, and is opened again where it was closed for one.

import WebSocket from "ws";
import { maxTextFrameBytes } from "@longwire/shared/limits.ts";
import { pingText } from "@longwire/shared/ping.ts";

export interface SpeakerOptions {
  readonly url: string;
  readonly protocol: string;
  readonly token: string;
  /** Said first on each connection, where there is one. */
  readonly greeting?: string;
}

export class MalformedSpeaker {
  readonly #options: SpeakerOptions;
  #socket: WebSocket | null = null;
  #isClosing = false;
  /** Of each connection the other end closed. */
  readonly closeCodes: number[] = [];

  constructor(options: SpeakerOptions) {
    this.#options = options;
  }

  /** Says it, and returns when the runtime took it or closed the connection for it. */
  async say(wrong: string | Buffer): Promise<void> {
    const socket = this.#socket ?? (await this.#open());
    const taken = Promise.withResolvers<void>();
    const heard = (): void => taken.resolve();
    socket.once("close", heard);
    socket.once("message", heard);
    socket.send(wrong, () => undefined);
    socket.send(pingText, () => undefined);
    await taken.promise;
    socket.off("close", heard);
    socket.off("message", heard);
  }

  async #open(): Promise<WebSocket> {
    const { url, protocol, token, greeting } = this.#options;
    const socket = new WebSocket(url.replace(/^http/, "ws"), protocol, {
      headers: { Authorization: `Bearer ${token}` },
      perMessageDeflate: false,
      maxPayload: maxTextFrameBytes,
    });
    socket.on("error", () => undefined);
    socket.on("close", (code) => {
      if (this.#socket === socket) this.#socket = null;
      if (!this.#isClosing) this.closeCodes.push(code);
    });
    await new Promise((resolve) => socket.once("open", resolve).once("close", resolve));
    if (greeting !== undefined) socket.send(greeting, () => undefined);
    this.#socket = socket;
    return socket;
  }

  close(): void {
    this.#isClosing = true;
    this.#socket?.terminate();
  }
}
