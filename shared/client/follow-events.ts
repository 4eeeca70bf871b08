// Events of a machine without an end: over one socket after the other, each from the cursor where the last one ended.
// What is not read yet is not sent for: credit goes back as items are taken, so a slow reader slows nobody else.
//
//   open ──► subscribe after the cursor ──► items … ──the socket ends──► what is unread ──► back-off ──► open

import { backoffMs } from "../src/backoff.ts";
import { closeCodes } from "../src/errors.ts";
import type { ExpiredFrame } from "../src/expired-frame.ts";
import type { ViewerEvent, ViewerFrame } from "../src/read-viewer-frame.ts";
import type { Caller } from "./caller.ts";
import { LongwireError } from "./longwire-error.ts";
import { pause } from "./pause.ts";
import { watchPage } from "./platform.ts";
import { ViewerSocket } from "./viewer-socket.ts";

export interface EventsOptions {
  /** The seq after which to begin; 0: with the first there is. Absent: from now on. */
  readonly after?: number | undefined;
  /** An id or a name. */
  readonly process?: string | undefined;
  readonly tag?: string | undefined;
  readonly type?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether somebody looks, so that output comes at once; while the page is visible unless given. */
  readonly watching?: boolean | undefined;
  /** What may be on its way and not taken yet: 1 MiB unless given. */
  readonly windowBytes?: number | undefined;
}

/** An event, whose output is its bytes in `payload` and, where they are UTF-8, its text in `data`. */
export type ClientEvent = ViewerEvent & { readonly data?: string };
/** What comes: events in the order of their `seq`, and in place of those that are gone which they were. */
export type EventItem = ClientEvent | ExpiredFrame;

const defaultWindowBytes = 1024 * 1024;
const subscription = 1;

/** Ends only by its signal, by `break`, or by a `LongwireError` that trying again does not mend. */
export async function* followEvents(caller: Caller, options: EventsOptions): AsyncGenerator<EventItem, void> {
  const { signal } = options;
  let cursor = options.after;
  let failures = 0;
  for (let wasOpen = false; ;) {
    const socket = await open(caller, wasOpen, signal);
    const closing = new AbortController();
    try {
      if (socket !== null) subscribe(socket, options, cursor, closing.signal);
      for (let message; socket !== null && (message = await socket.read(signal)) !== null;) {
        const { frame } = message;
        if (frame?.type === "subscribed") {
          wasOpen = true;
          failures = 0;
          cursor ??= frame.head;
        }
        for (const item of itemsOf(frame)) {
          cursor = "seq" in item ? item.seq : item.to_seq;
          yield item;
        }
        socket.say({ type: "credit", bytes: message.bytes });
      }
      if (socket?.ending?.code === closeCodes.invalid) throw misunderstood(socket.ending.reason);
    } finally {
      closing.abort();
      socket?.close();
    }
    await pause(backoffMs(failures++, Math.random()), signal);
  }
}

/** Null where a later try may succeed. Until a first socket has opened, any failure is thrown, as a call throws it. */
async function open(caller: Caller, wasOpen: boolean, signal?: AbortSignal): Promise<ViewerSocket | null> {
  try {
    return await openOrExplain(caller, signal);
  } catch (error) {
    signal?.throwIfAborted();
    if (wasOpen && error instanceof LongwireError && error.mayRetry) return null;
    throw error;
  }
}

/** A socket that does not open says nothing about why, so that is asked for in the common way. */
export async function openOrExplain(caller: Caller, signal?: AbortSignal): Promise<ViewerSocket> {
  try {
    return await ViewerSocket.open(caller, signal);
  } catch (error) {
    signal?.throwIfAborted();
    await caller.read({ method: "GET", path: caller.machinePath(""), kind: "look" }, { signal }, async (response) => {
      await response.body?.cancel();
    });
    // It answers by now: the way to it was what failed.
    throw error;
  }
}

function subscribe(
  socket: ViewerSocket,
  options: EventsOptions,
  after: number | undefined,
  whileOpen: AbortSignal,
): void {
  const { process, tag, type, watching, windowBytes = defaultWindowBytes } = options;
  const tell = (isVisible: boolean): void => socket.say({ type: "attention", watching: isVisible });
  if (watching === undefined) watchPage(tell, whileOpen);
  else tell(watching);
  socket.say({ type: "credit", bytes: windowBytes });
  socket.say({ type: "subscribe", id: subscription, after, process, tag, event_type: type });
}

/** What of a message the reader wants. Throws where the subscription is refused. */
function* itemsOf(frame: ViewerFrame | null): Generator<EventItem, void> {
  if (frame?.type === "events") for (const event of frame.events) yield withText(event);
  else if (frame?.type === "expired") yield { type: frame.type, from_seq: frame.from_seq, to_seq: frame.to_seq };
  else if (frame?.type === "refused") throw new LongwireError({ code: frame.code, detail: frame.detail });
}

function withText(event: ViewerEvent): ClientEvent {
  if (event.payload === undefined) return event;
  try {
    return { ...event, data: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(event.payload) };
  } catch {
    return event;
  }
}

function misunderstood(reason: string): LongwireError {
  return new LongwireError({ code: "invalid_request", detail: `The control plane did not take it: ${reason}.` });
}
