// A viewer of `longwire.viewer.v1`: collects frames, and gives credit back for what it took.

import WebSocket from "ws";
import { readViewerFrame, type ViewerEvent } from "@longwire/shared/read-viewer-frame.ts";
import type { ControlFrame } from "@longwire/shared/viewer-frame.ts";
import type { ViewerRequest } from "@longwire/shared/viewer-request.ts";

const toText = (utf8: Uint8Array): string => Buffer.from(utf8).toString();

export class ViewerSocket {
  readonly events: ViewerEvent[] = [];
  readonly controls: ControlFrame[] = [];
  readonly #socket: WebSocket;
  closed: { readonly code: number; readonly reason: string } | null = null;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data, isBinary) => {
      const bytes = data as Buffer;
      const frame = readViewerFrame(isBinary ? bytes : bytes.toString(), toText);
      if (frame?.type === "events") this.events.push(...frame.events);
      else if (frame !== null) this.controls.push(frame);
      if (socket.readyState === WebSocket.OPEN) this.say({ type: "credit", bytes: bytes.byteLength });
    });
    socket.on("close", (code, reason) => {
      this.closed = { code, reason: reason.toString() };
    });
    socket.on("error", () => undefined);
  }

  /** Opens a socket that may always be sent `windowBytes` more than it read. */
  static async open(
    server: { readonly url: string; readonly token: string },
    windowBytes: number,
  ): Promise<ViewerSocket> {
    const headers = { Authorization: `Bearer ${server.token}` };
    const url = `${server.url.replace(/^http/, "ws")}/v1/machines/-/ws`;
    const socket = new WebSocket(url, "longwire.viewer.v1", { headers, perMessageDeflate: false });
    const viewer = new ViewerSocket(socket);
    await new Promise((resolve, reject) => {
      socket.once("open", resolve);
      socket.once("error", reject);
    });
    viewer.say({ type: "credit", bytes: windowBytes });
    return viewer;
  }

  say(request: ViewerRequest): void {
    this.#socket.send(JSON.stringify(request));
  }

  /** Whether the other end said that it closes. The runtime may leave the connection itself open for a while then. */
  get isToldToClose(): boolean {
    return this.#socket.readyState >= WebSocket.CLOSING;
  }

  close(): void {
    this.#socket.terminate();
  }
}
