// One check at work: it asks, compares, and keeps what is wrong.

import WebSocket from "ws";
import { sendRaw, type RawAnswer } from "../support/raw-request.ts";
import type { Target } from "./target.ts";

export interface Asked {
  readonly token?: string | null;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Of a problem; empty where it is none. */
  readonly code: string;
}

const patienceMs = 20_000;
const maxWaitMs = 65_000;

export class Probe {
  readonly target: Target;
  readonly wrongs: string[] = [];
  /** How many requests, sockets or files were looked at. */
  asked = 0;
  /** Whether a request that was one too many is made again. */
  isPatient = true;

  constructor(target: Target) {
    this.target = target;
  }

  /** A request, with the target's token unless another or none is given. One that was too many is made again in time. */
  async ask(method: string, path: string, asked: Asked = {}): Promise<Answer> {
    const answer = await this.#askOnce(method, path, asked);
    if (answer.status !== 429 || !this.isPatient) return answer;
    const waitMs = 1000 * Number(answer.headers.get("Retry-After") ?? 1);
    await new Promise((resolve) => setTimeout(resolve, Math.min(waitMs, maxWaitMs)));
    return await this.#askOnce(method, path, asked);
  }

  async #askOnce(method: string, path: string, { token, body, headers = {} }: Asked): Promise<Answer> {
    this.asked++;
    const bearer = token === undefined ? this.target.token : token;
    const response = await fetch(this.target.url + path, {
      method,
      redirect: "manual",
      signal: AbortSignal.timeout(patienceMs),
      headers: {
        ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await readSome(response);
    return { status: response.status, headers: response.headers, text, code: codeIn(text) };
  }

  /** A request as bytes, for what no client library sends. */
  async askRaw(lines: readonly string[], target: string, method = "GET", body = ""): Promise<RawAnswer> {
    this.asked++;
    return await sendRaw(this.target.url, [`${method} ${target} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${body}`]);
  }

  /** Opens a socket: the status of the answer, 101 with the socket where it is open. */
  async dial(path: string, protocol: string | string[], headers: Readonly<Record<string, string>>): Promise<Dialled> {
    this.asked++;
    const socket = new WebSocket(this.target.url.replace(/^http/, "ws") + path, protocol, {
      headers,
      perMessageDeflate: false,
      handshakeTimeout: patienceMs,
    });
    return await new Promise((resolve, reject) => {
      socket.once("open", () => resolve({ status: 101, socket }));
      socket.once("unexpected-response", (_request, response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, socket: null });
        socket.terminate();
      });
      socket.on("error", reject);
    });
  }

  /** Takes note where it is not as it must be. */
  same(what: string, actual: unknown, expected: unknown): void {
    const [is, must] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (is !== must) this.wrongs.push(`${what}: ${is?.slice(0, 300)}, must be ${must?.slice(0, 300)}`);
  }

  /** The same for what is true or not. */
  holds(what: string, is: boolean): void {
    if (!is) this.wrongs.push(what);
  }
}

export type Dialled =
  | { readonly status: 101; readonly socket: WebSocket }
  | { readonly status: number; readonly socket: null };

/** The body; of a stream, which does not end, what came first. */
async function readSome(response: Response): Promise<string> {
  if (!(response.headers.get("Content-Type") ?? "").startsWith("text/event-stream")) return await response.text();
  await response.body?.cancel();
  return "";
}

function codeIn(text: string): string {
  try {
    const { code } = JSON.parse(text) as { code?: unknown };
    return typeof code === "string" ? code : "";
  } catch {
    return "";
  }
}
