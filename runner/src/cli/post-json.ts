// One request to a control plane outside the link. Redirects are not followed: what is sent is for that address alone.

import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { maxBodyBytes } from "@longwire/shared/limits.ts";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { findProxyAgent } from "../link/proxy.ts";

const patienceMs = 15_000;

export interface Answer {
  readonly status: number;
  /** Null where it is no JSON. */
  readonly body: unknown;
}

/** Throws where no whole answer came. */
export async function postJson(url: URL, body: unknown): Promise<Answer> {
  const signal = AbortSignal.timeout(patienceMs);
  const send = url.protocol === "https:" ? requestHttps : requestHttp;
  const options = {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    agent: findProxyAgent(url, signal),
    signal,
  };
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    send(url, options, resolve).on("error", reject).end(JSON.stringify(body));
  });
  return { status: response.statusCode ?? 0, body: parseJson(await readText(response)) };
}

async function readText(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength;
    if (bytes > maxBodyBytes) throw new Error(`an answer of more than ${maxBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
