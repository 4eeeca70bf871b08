// The WebSocket that is always dialled again: partysocket over ws, with our own delays. Messages are never queued
// here, since what was not acknowledged is read from the spools again.

import ReconnectingWebSocket from "partysocket/ws";
import WebSocket from "ws";
import { backoffMs } from "@longwire/shared/backoff.ts";
import { closeCodes } from "@longwire/shared/errors.ts";
import { maxTextFrameBytes } from "@longwire/shared/limits.ts";
import { linkSubprotocol } from "@longwire/shared/wire/link.ts";
import { countFailures } from "./count-failures.ts";
import { findProxyAgent, isLoopback, onlyTrusted } from "./proxy.ts";

export interface DialOptions {
  /** `ws:` or `wss:`. */
  readonly url: string;
  readonly token: string;
  readonly onOpen: () => void;
  readonly onText: (text: string) => void;
  /** The connection ended or could not be made; it is dialled again unless `final`. */
  readonly onDown: (down: { readonly code: number; readonly reason: string; readonly final: boolean }) => void;
}

export interface Dialled {
  /** False where there is no open connection. */
  send(data: string | Uint8Array<ArrayBuffer>): boolean;
  /** Gives the connection up and dials again. */
  redial(reason: string): void;
  close(): void;
}

const handshakeMs = 10_000;
/** What partysocket puts where the other end gave no reason. */
const noReason = "unknown reason";
/** How ws words an HTTP answer in place of the upgrade. */
const refusedToken = "server response: 401";

export function dial(options: DialOptions): Dialled {
  class AuthorisedSocket extends WebSocket {
    constructor(url: string, protocols: string | string[]) {
      const ended = new AbortController();
      super(url, protocols, {
        ...onlyTrusted,
        agent: findProxyAgent(new URL(url), ended.signal),
        headers: { Authorization: `Bearer ${options.token}` },
        perMessageDeflate: false,
        handshakeTimeout: handshakeMs,
        maxPayload: maxTextFrameBytes,
        ...(isUnseen(new URL(url)) ? { generateMask: (mask: Buffer) => void mask.fill(0) } : {}),
      });
      lastError = "";
      this.on("error", (error) => (lastError = error.message));
      this.once("close", () => ended.abort());
    }
  }

  let failures = -1;
  let openedAt: number | null = null;
  /** What went wrong with the present connection, in the words of ws. */
  let lastError = "";
  const socket = new ReconnectingWebSocket(
    async () => {
      if (failures >= 0) await new Promise((resolve) => setTimeout(resolve, backoffMs(failures, Math.random())));
      return options.url;
    },
    linkSubprotocol,
    {
      WebSocket: AuthorisedSocket,
      maxEnqueuedMessages: 0,
      // The delay is awaited with the address, above: these two would only add to it.
      minReconnectionDelay: 1,
      maxReconnectionDelay: 1,
      connectionTimeout: handshakeMs,
      shouldReconnectOnClose: (event) => !isFinal(event.code),
    },
  );
  socket.binaryType = "arraybuffer";
  socket.addEventListener("open", () => {
    openedAt = performance.now();
    options.onOpen();
  });
  socket.addEventListener("message", (event) => {
    if (typeof event.data === "string") options.onText(event.data);
  });
  // Comes once for each connection, also for one that was never open.
  socket.addEventListener("close", (event) => {
    if (openedAt === null && lastError.includes(refusedToken)) {
      socket.close();
      return down(closeCodes.unauthorized, "this machine's token is not accepted");
    }
    down(event.code, event.reason === "" || event.reason === noReason ? lastError : event.reason);
  });

  function down(code: number, reason: string): void {
    failures = countFailures(failures, openedAt === null ? null : performance.now() - openedAt);
    openedAt = null;
    options.onDown({ code, reason, final: isFinal(code) });
  }

  return {
    send: (data) => socket.readyState === WebSocket.OPEN && socket.send(data),
    redial: (reason) => socket.reconnect(closeCodes.goingAway, reason),
    close: () => socket.close(1000, "done"),
  };
}

/**
 * Whether nothing in between reads this connection. Masking keeps a proxy from taking a payload for HTTP (RFC 6455,
 * 10.3); where none can see it, a mask of zeros spares a copy of every byte.
 */
function isUnseen(url: URL): boolean {
  return url.protocol === "wss:" || isLoopback(url);
}

/** Codes after which dialling again would do harm or change nothing. */
function isFinal(code: number): boolean {
  return code === closeCodes.replaced || code === closeCodes.unauthorized || code === closeCodes.upgrade;
}
