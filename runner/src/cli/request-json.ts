// One request to a control plane outside the link. Redirects are not followed: what is sent is for that address alone.

import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { maxAnswerBytes } from "@longwire/shared/limits.ts";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { findProxyAgent, onlyTrusted } from "../link/proxy.ts";

const patienceMs = 15_000;

export interface JsonRequest {
  readonly method: "GET" | "POST" | "DELETE";
  /** Absent: none is sent. */
  readonly body?: unknown;
  readonly token?: string;
}

export interface Answer {
  readonly status: number;
  /** Undefined where it is no JSON. */
  readonly body: unknown;
}

/** Throws where no whole answer came. */
export async function requestJson(url: URL, { method, body, token }: JsonRequest): Promise<Answer> {
  const signal = AbortSignal.timeout(patienceMs);
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const options = {
    method,
    headers: {
      Accept: "application/json",
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    ...onlyTrusted,
    agent: findProxyAgent(url, signal),
    signal,
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    send(url, options, resolve)
      .on("error", reject)
      .end(body === undefined ? undefined : JSON.stringify(body));
  });
  return { status: response.statusCode ?? 0, body: parseJson(await readText(response)) };
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxAnswerBytes) throw new Error(`an answer of more than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
