// A reader of server-sent events: collects them until it is closed.

import type { Event } from "@longwire/shared/api/views.ts";

export class EventStream {
  readonly events: Event[] = [];
  readonly #stop = new AbortController();
  readonly #read: Promise<void>;

  private constructor(body: ReadableStream<Uint8Array>) {
    this.#read = this.#collect(body).catch(() => undefined);
  }

  static async open(server: { readonly url: string; readonly token: string }, query: string): Promise<EventStream> {
    const response = await fetch(`${server.url}/v1/machines/-/events${query}`, {
      headers: { Authorization: `Bearer ${server.token}`, Accept: "text/event-stream" },
    });
    if (!response.ok || response.body === null) throw new Error(`the stream was refused with ${response.status}`);
    return new EventStream(response.body);
  }

  async #collect(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = "";
    const sink = new WritableStream<string>({
      write: (piece) => {
        const messages = (text + piece).split("\n\n");
        text = messages.pop() ?? "";
        for (const message of messages) {
          const data = /^data: (.*)$/m.exec(message)?.[1];
          if (data !== undefined) this.events.push(JSON.parse(data) as Event);
        }
      },
    });
    // `TextDecoderStream` takes any bytes; its type does not say so.
    const decoder = new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>;
    await body.pipeThrough(decoder).pipeTo(sink, { signal: this.#stop.signal });
  }

  /** Resolves when the other end closed it, or it broke. */
  get ended(): Promise<void> {
    return this.#read;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#read;
  }
}
