// Messages of a client that speaks over a pipe, carried to the MCP endpoint one request each, and back as they come.

import { problemSchema } from "@longwire/shared/api/views.ts";
import { reasonOf } from "@longwire/shared/reason-of.ts";
import { cancelledBy, errorMessage, headersOf, isRequest, readMessage, type Message } from "./message.ts";
import { ServerEvents } from "./server-events.ts";

export interface BridgeOptions {
  readonly url: string;
  readonly token: string;
  readonly fetch: typeof fetch;
  /** One message for the client. */
  readonly send: (message: object) => void;
  /** For people: what cannot be told to the client. */
  readonly log: (text: string) => void;
}

const maxInFlight = 64;
/** A fault of the way, not of the message. */
const carrierFault = -32_000;
const endWithinMs = 10_000;

export class Bridge {
  readonly #options: BridgeOptions;
  readonly #inFlight = new Map<Message["id"], AbortController>();
  readonly #carried = new Set<Promise<void>>();
  /** The revision an older client greeted with. */
  #negotiated: string | null = null;

  constructor(options: BridgeOptions) {
    this.#options = options;
  }

  /** One line of the client's; null: it was too long. */
  take(line: string | null): void {
    if (line?.trim() === "") return;
    const message = line === null ? null : readMessage(line);
    if (line === null || message === null) {
      const what = line === null ? "The message is too large." : "That is no message.";
      this.#options.send(errorMessage(null, line === null ? -32_600 : -32_700, what));
      return;
    }
    const cancelled = cancelledBy(message);
    if (cancelled !== undefined) {
      // To leave is to cancel, over HTTP.
      this.#inFlight.get(cancelled as Message["id"])?.abort();
      return;
    }
    if (this.#carried.size >= maxInFlight) {
      if (isRequest(message)) this.#options.send(errorMessage(message.id, carrierFault, "Too many calls at one time."));
      return;
    }
    const carried = this.#carry(message, line).finally(() => this.#carried.delete(carried));
    this.#carried.add(carried);
  }

  /** The client has said its last. What is under way has a moment to be answered. */
  async end(): Promise<void> {
    const late = setTimeout(() => this.#abortAll(), endWithinMs);
    await Promise.all(this.#carried);
    clearTimeout(late);
  }

  #abortAll(): void {
    for (const controller of this.#inFlight.values()) controller.abort();
  }

  async #carry(message: Message, line: string): Promise<void> {
    const { id } = message;
    const controller = new AbortController();
    if (isRequest(message)) this.#inFlight.set(id, controller);
    try {
      const isAnswered = await this.#ask(message, line, controller.signal);
      if (isRequest(message) && !isAnswered && !controller.signal.aborted) {
        this.#fail(message, "The connection broke before the answer. Repeat what acts with the same request_id.");
      }
    } catch (error) {
      if (!controller.signal.aborted) this.#fail(message, `${this.#options.url} does not answer: ${reasonOf(error)}`);
    } finally {
      if (this.#inFlight.get(id) === controller) this.#inFlight.delete(id);
    }
  }

  #fail(message: Message, why: string): void {
    if (isRequest(message)) this.#options.send(errorMessage(message.id, carrierFault, why));
    else this.#options.log(why);
  }

  /** Whether the message's own answer came. */
  async #ask(message: Message, line: string, signal: AbortSignal): Promise<boolean> {
    const { url, token } = this.#options;
    const response = await this.#options.fetch(url, {
      method: "POST",
      signal,
      body: line,
      headers: {
        ...headersOf(message, this.#negotiated),
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
        Accept: "application/json, text/event-stream",
      },
    });
    const type = response.headers.get("Content-Type") ?? "";
    if (type.startsWith("text/event-stream")) return await this.#readStream(message, response);
    const text = await response.text();
    if (text === "") return false;
    const answer = readMessage(text);
    if (answer !== null) return this.#pass(message, answer);
    this.#fail(message, describeProblem(response.status, text));
    return true;
  }

  async #readStream(message: Message, { body }: Response): Promise<boolean> {
    const events = new ServerEvents();
    const decoder = new TextDecoder();
    let isAnswered = false;
    for await (const chunk of body ?? []) {
      for (const data of events.take(decoder.decode(chunk as Uint8Array, { stream: true }))) {
        const told = readMessage(data);
        if (told !== null && this.#pass(message, told)) isAnswered = true;
      }
    }
    return isAnswered;
  }

  /** Hands on what came back; whether it was the answer. An error that could name no request is this one's. */
  #pass(message: Message, told: Message): boolean {
    const isAnswer = told.method === undefined;
    if (isAnswer && message.method === "initialize") this.#negotiated = revisionIn(told) ?? this.#negotiated;
    this.#options.send(isAnswer && told.id == null ? { ...told, id: message.id ?? null } : told);
    return isAnswer;
  }
}

function revisionIn({ result }: Message): string | null {
  if (typeof result !== "object" || result === null || !("protocolVersion" in result)) return null;
  return typeof result.protocolVersion === "string" ? result.protocolVersion : null;
}

function describeProblem(status: number, text: string): string {
  try {
    const { code, detail, hint } = problemSchema.parse(JSON.parse(text));
    return `${code}: ${detail} ${hint}`;
  } catch {
    return `The control plane answered with status ${status}, and nothing that could be read.`;
  }
}
