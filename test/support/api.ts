// Calls of the HTTP API, as a script makes them.

import type {
  Event,
  Machine,
  Process,
  Problem,
  StartedAnswer,
  StopAnswer,
  WaitAnswer,
} from "@longwire/shared/api/views.ts";

export interface Answer<T> {
  readonly status: number;
  readonly body: T;
}

export interface EventsPage {
  readonly events: Event[];
  readonly next_after: number;
  readonly head: number;
}

export class Api {
  readonly #url: string;
  readonly #token: string;

  constructor(server: { readonly url: string; readonly token: string }) {
    this.#url = server.url;
    this.#token = server.token;
  }

  /** One request; `path` is below `/v1/machines/-`. */
  async call<T = Problem>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<T>> {
    const response = await fetch(`${this.#url}/v1/machines/-${path}`, {
      method,
      headers: {
        Authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: (await response.json()) as T };
  }

  async start(request: object): Promise<Process> {
    const { status, body } = await this.call<Process>("POST", "/processes", request);
    if (status !== 201) throw new Error(`start: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Starts and waits as `query` asks, 30 s unless it says otherwise; throws where that is in vain. */
  async startUntil(query: string, request: object): Promise<StartedAnswer> {
    const { status, body } = await this.call<StartedAnswer>("POST", `/processes?${query}`, request);
    if (status !== 201 || body.wait.ended_by === "time_up") throw new Error(`start: ${status} ${JSON.stringify(body)}`);
    return body;
  }

  /** Gives input; the answer is what `query` waits for. */
  async input(id: string, query: string, body: object): Promise<WaitAnswer> {
    const answer = await this.call<WaitAnswer>("POST", `/processes/${id}/input?${query}`, body);
    if (answer.status !== 200) throw new Error(`input: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The process, once its latest run has ended. */
  async ended(id: string): Promise<Process> {
    const { body } = await this.call<WaitAnswer>("GET", `/processes/${id}/wait?until=exit&wait_ms=50000`);
    if (body.ended_by !== "exit") throw new Error(`${id} does not end: ${JSON.stringify(body)}`);
    return body.process;
  }

  async process(id: string): Promise<Process> {
    return (await this.call<Process>("GET", `/processes/${id}`)).body;
  }

  async stop(id: string, body: object = {}): Promise<StopAnswer> {
    const { status, body: answer } = await this.call<StopAnswer>("POST", `/processes/${id}/stop`, body);
    if (status !== 200) throw new Error(`stop: ${status} ${JSON.stringify(answer)}`);
    return answer;
  }

  async machine(): Promise<Machine> {
    return (await this.call<Machine>("GET", "")).body;
  }

  /** All events after `after`, page by page. */
  async events(after = 0, query = ""): Promise<Event[]> {
    const events: Event[] = [];
    for (;;) {
      const { body } = await this.call<EventsPage>("GET", `/events?after=${after}${query}`);
      events.push(...body.events);
      after = body.next_after;
      if (after >= body.head) return events;
    }
  }
}

/** The bytes of an output event. */
export function bytesOf(event: Event): Buffer {
  return event.data_base64 === undefined ? Buffer.from(event.data ?? "") : Buffer.from(event.data_base64, "base64");
}

/** The combined output of one process among `events`; throws where an offset does not follow. */
export function outputOf(events: readonly Event[], processId: string): Buffer {
  let offset = 0;
  const pieces: Buffer[] = [];
  for (const event of events) {
    if (event.type !== "output" || event.process_id !== processId) continue;
    if (event.offset !== offset) throw new Error(`offset ${event.offset} where ${offset} follows`);
    const bytes = bytesOf(event);
    offset += bytes.byteLength;
    pieces.push(bytes);
  }
  return Buffer.concat(pieces);
}
