// A process as one sits before it: what it prints as bytes, what is typed over a socket, each act answered.

import type * as z from "zod";
import type { inputRequestSchema, resizeRequestSchema } from "../src/api/requests.ts";
import { processSchema } from "../src/api/views.ts";
import type { ExpiredFrame } from "../src/expired-frame.ts";
import { type Act, Acts } from "./acts.ts";
import type { Caller } from "./caller.ts";
import { type ClientEvent, followEvents, openOrExplain } from "./follow-events.ts";
import { LongwireError } from "./longwire-error.ts";
import type { ViewerSocket } from "./viewer-socket.ts";

export interface TerminalOutputOptions {
  readonly signal?: AbortSignal;
  /** Told of output that is lost: a `gap`, or events that are gone. Without it the output ends there with an error. */
  readonly onLost?: (lost: ClientEvent | ExpiredFrame) => void;
}

interface Connection {
  readonly socket: ViewerSocket;
  readonly acts: Acts;
}

/** What one reads may be a lot; answers to acts are short. */
const answersBytes = 256 * 1024;

export class Terminal {
  readonly #caller: Caller;
  readonly #process: string;
  /** Opened by the first act. */
  #connection: Promise<Connection> | null = null;
  readonly #closing = new AbortController();

  constructor(caller: Caller, process: string) {
    this.#caller = caller;
    this.#process = process;
  }

  /** Resolves once it waits to be read. What is typed arrives in the order of the calls. */
  async input(input: z.input<typeof inputRequestSchema>): Promise<void> {
    await this.#act({ type: "input", input: { ...input, enter: input.enter ?? false, close: input.close ?? false } });
  }

  async resize(size: z.input<typeof resizeRequestSchema>): Promise<void> {
    await this.#act({ type: "resize", size });
  }

  /** Ctrl-C; without a terminal SIGINT to its process group. */
  async interrupt(): Promise<void> {
    await this.#act({ type: "interrupt" });
  }

  /** All that the latest run has printed and will print, until it ends. Outlasts broken connections. */
  async *output(options: TerminalOutputOptions = {}): AsyncGenerator<Uint8Array, void> {
    const { onLost } = options;
    const closing = this.#closing.signal;
    const signal = options.signal === undefined ? closing : AbortSignal.any([closing, options.signal]);
    const call = { method: "GET", path: this.#caller.processPath(this.#process), kind: "look" } as const;
    const { process_id: process, run } = await this.#caller.json(call, processSchema, { signal });
    for await (const item of followEvents(this.#caller, { after: 0, process, signal })) {
      if (!("seq" in item)) tellLost(item, onLost);
      else if (item.run !== run) continue;
      else if (item.payload !== undefined) yield item.payload;
      else if (item.type === "gap") tellLost(item, onLost);
      else if (item.type === "exited" || item.type === "failed") return;
    }
  }

  /** Ends the socket and all output; what was not answered rejects. */
  close(): void {
    this.#closing.abort(new LongwireError({ code: "unreachable", detail: "The terminal was closed." }));
    void this.#connection?.then(({ socket }) => socket.close()).catch(() => undefined);
  }

  async #act(act: Act): Promise<void> {
    const { acts } = await this.#connect();
    await acts.make(act);
  }

  /** The one that is open; another one where it has ended: what was not said yet was certainly not done. */
  async #connect(): Promise<Connection> {
    for (;;) {
      this.#closing.signal.throwIfAborted();
      const opening = (this.#connection ??= this.#open());
      const connection = await opening;
      if (connection.socket.ending === null) return connection;
      if (this.#connection === opening) this.#connection = null;
    }
  }

  async #open(): Promise<Connection> {
    try {
      const socket = await openOrExplain(this.#caller, this.#closing.signal);
      socket.say({ type: "credit", bytes: answersBytes });
      const connection = { socket, acts: new Acts(socket, this.#process) };
      void this.#hear(connection);
      return connection;
    } catch (error) {
      this.#connection = null;
      throw error;
    }
  }

  async #hear({ socket, acts }: Connection): Promise<void> {
    for (let message; (message = await socket.read()) !== null;) {
      socket.say({ type: "credit", bytes: message.bytes });
      if (message.frame?.type === "acted") acts.answer(message.frame);
    }
    acts.end();
  }
}

function tellLost(lost: ClientEvent | ExpiredFrame, onLost: TerminalOutputOptions["onLost"]): void {
  if (onLost !== undefined) return onLost(lost);
  throw new LongwireError({
    code: "output_expired",
    detail: "Some of the output is lost.",
    hint: "Give `onLost` to go on.",
  });
}
