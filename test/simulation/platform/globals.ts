// What stands in for global names in everything that is simulated: clocks and timers of the simulation, and the names
// that only workerd has.

import { clock } from "./clock.ts";
import { hex } from "./random.ts";
import { SimulatedSocket } from "./socket.ts";

/** Object time and wall time at the beginning of a run. */
const epoch = 1_800_000_000_000;

interface Handle {
  readonly id: number;
  unref(): Handle;
}

function handle(id: number): Handle {
  const one: Handle = { id, unref: () => one };
  return one;
}

export const setTimeout = (run: () => void, ms = 0): Handle => handle(clock.after(clock.current, ms, run));
export const setInterval = (run: () => void, ms: number): Handle => handle(clock.after(clock.current, ms, run, ms));
export const clearTimeout = (timer: Handle | undefined | null): void => {
  if (timer != null) clock.cancel(timer.id);
};
export const clearInterval = clearTimeout;

export const performance = { now: (): number => clock.now };

const RealDate = globalThis.Date;
export class Date extends RealDate {
  constructor(...of: [] | [number | string]) {
    super(of[0] ?? epoch + Math.floor(clock.now));
  }

  static override now(): number {
    return epoch + Math.floor(clock.now);
  }
}

export const crypto = { randomUUID: (): string => hex(16) };
export const console = { error: (): void => {}, log: (): void => {} };

export const WebSocket = { OPEN: 1 };

export class WebSocketRequestResponsePair {
  readonly request: string;
  readonly response: string;

  constructor(request: string, response: string) {
    this.request = request;
    this.response = response;
  }
}

export class WebSocketPair {
  readonly 0: SimulatedSocket;
  readonly 1: SimulatedSocket;

  constructor() {
    this[1] = new SimulatedSocket();
    this[0] = this[1];
  }
}

/** An answer of the object: a socket it took, or a refusal. */
export class Response {
  readonly status: number;
  readonly webSocket: SimulatedSocket | null;

  constructor(_: null, { status, webSocket = null }: { status: number; webSocket?: SimulatedSocket | null }) {
    this.status = status;
    this.webSocket = webSocket;
  }

  static json(_: unknown, { status }: { status: number }): Response {
    return new Response(null, { status });
  }
}
