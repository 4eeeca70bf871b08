// How the command line reaches a control plane: `fetch` and sockets that go through the proxy the environment names, trust
// what the system trusts and nobody else, and follow no redirect, since what is sent is for that address alone.

import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { Readable } from "node:stream";
import WebSocket from "ws";
import type { OpenSocket } from "@longwire/shared/client/caller.ts";
import { maxAnswerBytes, maxTextFrameBytes } from "@longwire/shared/limits.ts";
import { findProxyAgent, onlyTrusted } from "../link/proxy.ts";

const handshakeMs = 10_000;

/** Takes what the typed client gives: an address, a method, headers, a text as body, a signal. */
export const trustedFetch: typeof fetch = async (input, init = {}) => {
  const url = new URL(input instanceof Request ? input.url : input);
  const signal = init.signal ?? new AbortController().signal;
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const headers = { Accept: "application/json, */*;q=0.5", ...(init.headers as Record<string, string> | undefined) };
  const options = { method: init.method, headers, ...onlyTrusted, agent: findProxyAgent(url, signal), signal };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    send(url, options, resolve)
      .on("error", reject)
      .end(init.body ?? undefined);
  });
  const { statusCode: status = 0 } = response;
  const body = hasNone(status) ? null : readBody(response, isDownload(url) ? Infinity : maxAnswerBytes);
  return new Response(body, { status, headers: pairsOf(response.rawHeaders) });
};

/** Sockets of the typed client. */
export const openTrustedSocket: OpenSocket = (url, { protocols, headers }) => {
  const ended = new AbortController();
  const socket = new WebSocket(url, protocols, {
    ...onlyTrusted,
    agent: findProxyAgent(new URL(url), ended.signal),
    headers,
    perMessageDeflate: false,
    handshakeTimeout: handshakeMs,
    maxPayload: maxTextFrameBytes,
  });
  socket.once("close", () => ended.abort());
  // Of the platform's interface it has what the client uses.
  return socket as unknown as globalThis.WebSocket;
};

const hasNone = (status: number): boolean => status === 204 || status === 205 || status === 304;

/** Output as bytes is taken as it comes, however much it is. */
const isDownload = (url: URL): boolean => url.searchParams.get("format") === "raw";

function readBody(response: IncomingMessage, maxBytes: number): ReadableStream<Uint8Array> {
  async function* bounded(): AsyncGenerator<Buffer, void> {
    let bytes = 0;
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.byteLength;
      if (bytes > maxBytes) throw new Error(`an answer of more than ${maxBytes} bytes`);
      yield chunk;
    }
  }
  return Readable.toWeb(Readable.from(bounded(), { objectMode: false }));
}

function pairsOf(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, at) => [raw[2 * at] ?? "", raw[2 * at + 1] ?? ""]);
}
