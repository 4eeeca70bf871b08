// One call of the HTTP API: sends it, again where that is safe, and reads the answer.

import type * as z from "zod";
import { parseJson } from "../src/parse-json.ts";
import { LongwireError, readRefusal, unreached } from "./longwire-error.ts";
import { pause } from "./pause.ts";
import { sendsHeaders } from "./platform.ts";
import { planRetry } from "./plan-retry.ts";
import { writeQuery, type QueryFields } from "./query.ts";

export interface ClientOptions {
  /** Of the control plane, such as `http://127.0.0.1:8787`. */
  readonly url: string;
  /** Null for what needs none, such as enrolling, and where a browser sends a session's cookie by itself. */
  readonly token: string | null;
  /** Its id or name; `-`, the only one the token reaches, unless given. */
  readonly machine?: string;
  /** How often a call that may be repeated is made again: 4 times unless given. */
  readonly retries?: number;
  /** Whether sockets are opened with tickets: everywhere but in Node, whose sockets send the token, unless given. */
  readonly tickets?: boolean;
  /** In place of the platform's own. */
  readonly fetch?: typeof fetch;
  /** In place of the platform's `new WebSocket`. */
  readonly openSocket?: OpenSocket;
}

/** Begins to open a socket to `url` (`ws:` or `wss:`). There are `headers` where the client opens it without a ticket. */
export type OpenSocket = (
  url: string,
  options: { readonly protocols: string[]; readonly headers: Readonly<Record<string, string>> },
) => WebSocket;

/** What every call takes beside what it asks for. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** For calls that act; one of its own unless given. */
  readonly idempotencyKey?: string | undefined;
}

export interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  /** Without its query. */
  readonly path: string;
  readonly query?: QueryFields;
  readonly body?: unknown;
  /**
   * `look`: changes nothing. `act`: goes with an `Idempotency-Key`, which makes a repeat safe. `once`: is not repeated
   * where it may have been done.
   */
  readonly kind: "look" | "act" | "once";
}

const defaultRetries = 4;
/** The longest wait of a call, with what the control plane and the way may add to it. */
const answerMs = 75_000;

export class Caller {
  readonly url: string;
  readonly token: string | null;
  readonly machine: string;
  readonly usesTickets: boolean;
  readonly openSocket: OpenSocket;
  readonly #retries: number;
  readonly #fetch: typeof fetch;

  constructor(options: ClientOptions) {
    this.url = options.url;
    this.token = options.token;
    this.machine = options.machine ?? "-";
    this.usesTickets = options.tickets ?? !sendsHeaders();
    this.openSocket = options.openSocket ?? openOwnSocket;
    this.#retries = options.retries ?? defaultRetries;
    // A browser's own fetch must not be called as a method of something else.
    this.#fetch = options.fetch ?? ((input, init) => fetch(input, init));
  }

  authorisation(): Record<string, string> {
    return this.token === null ? {} : { Authorization: `Bearer ${this.token}` };
  }

  /** A path of the machine this client is for. */
  machinePath(rest: string): string {
    return `/v1/machines/${encodeURIComponent(this.machine)}${rest}`;
  }

  processPath(process: string, rest = ""): string {
    return this.machinePath(`/processes/${encodeURIComponent(process)}${rest}`);
  }

  /** The answer's JSON, checked. Throws {@link LongwireError}, or the signal's reason. */
  async json<T>(call: Call, schema: z.ZodType<T>, options: CallOptions = {}): Promise<T> {
    return await this.read(call, options, async (response) => {
      const parsed = schema.safeParse(parseJson(await response.text()));
      if (parsed.success) return parsed.data;
      const detail = `The answer to ${call.method} ${call.path} is not what this client knows.`;
      const { status } = response;
      throw new LongwireError({ code: "unexpected_answer", status, detail, cause: parsed.error });
    });
  }

  /** What `read` makes of a good answer; it is called again where the connection ends within the answer. */
  async read<T>(call: Call, options: CallOptions, read: (response: Response) => Promise<T>): Promise<T> {
    const terms = { isRepeatable: call.kind !== "once", retries: this.#retries };
    const key = call.kind === "act" ? (options.idempotencyKey ?? crypto.randomUUID()) : null;
    for (let failures = 0; ; failures++) {
      try {
        return await this.#try(call, key, options.signal, read);
      } catch (error) {
        options.signal?.throwIfAborted();
        if (!(error instanceof LongwireError)) throw error;
        const delayMs = planRetry(error, failures, terms, Math.random());
        if (delayMs === null) throw error;
        await pause(delayMs, options.signal);
      }
    }
  }

  async #try<T>(
    call: Call,
    key: string | null,
    signal: AbortSignal | undefined,
    read: (response: Response) => Promise<T>,
  ): Promise<T> {
    const { method, path, query = {}, body } = call;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), answerMs);
    try {
      const response = await this.#fetch(new URL(path + writeQuery(query), this.url).href, {
        method,
        headers: {
          ...this.authorisation(),
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
          ...(key === null ? {} : { "Idempotency-Key": key }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: signal === undefined ? late.signal : AbortSignal.any([signal, late.signal]),
      });
      clearTimeout(timer);
      if (response.ok) return await read(response);
      throw readRefusal(response.status, await response.json().catch(() => null));
    } catch (error) {
      throw error instanceof LongwireError ? error : unreached(this.url, error);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** Node's takes headers beside the subprotocols; a browser's would take them for the name of one. */
function openOwnSocket(url: string, { protocols, headers }: Parameters<OpenSocket>[1]): WebSocket {
  const Socket = WebSocket as new (url: string, init: object) => WebSocket;
  return new Socket(url, Object.keys(headers).length === 0 ? protocols : { protocols, headers });
}
