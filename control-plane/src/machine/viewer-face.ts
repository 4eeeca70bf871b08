// What the two subprotocols of a viewer have in common, for the one that serves both. A face holds what its socket's
// attachment does: what is asked for, what was sent, what may still be sent.

import type { ExpiredFrame } from "@longwire/shared/expired-frame.ts";
import type { Subscription } from "@longwire/shared/viewer-state.ts";
import type { ActRequest } from "@longwire/shared/viewer-request.ts";
import type { Holder } from "../sockets/holder.ts";
import type { Log } from "./log.ts";
import type { StoredBatch } from "./stored-batch.ts";

/** What a viewer gets of one batch. */
export interface Reading {
  readonly messages: readonly (string | Uint8Array)[];
  readonly bytes: number;
  /** The last seq looked at. */
  readonly seq: number;
}

/** What a viewer's message is answered with: texts, or the end. */
export type Answer =
  | { readonly type: "answers"; readonly texts: readonly string[] }
  /** Something is to be done to a run. */
  | { readonly type: "act"; readonly request: ActRequest }
  | { readonly type: "wrong"; readonly reason: string };

export interface ViewerFace {
  /** Bytes it may still be sent, as far as it goes by itself. */
  readonly credit: number;
  /** Bytes it was sent and has not given back. */
  readonly inFlight: number;
  /** Whether somebody looks. */
  readonly isWatching: boolean;
  /** Whether it wants to know how the machine and its runs do. */
  readonly wantsMetrics: boolean;
  /** Whether it wants to know when the runner comes and goes. */
  readonly wantsStatus: boolean;
  /** From where on it has to resume; `head` where it has asked for nothing. */
  cursor(head: number): number;
  /** The subscription whose turn it is among those that have not seen all up to `head`. */
  next(head: number): Subscription | null;
  /** The events of `batch` from `seq` on, up to one beyond `budget` bytes. */
  read(subscription: Subscription, batch: StoredBatch, seq: number, budget: number): Reading;
  expired(subscription: Subscription, gone: ExpiredFrame): string;
  /** What is to be said at the end of a turn of sending. */
  settle(): readonly string[];
  /** After `bytes` of events up to `seq` were sent. */
  noteSent(subscription: Subscription, seq: number, bytes: number): void;
  /** After `bytes` of anything else were sent. */
  charge(bytes: number): void;
  /** `holder`: in whose name the socket is open. */
  hear(message: ArrayBuffer | string, log: Log, holder: Holder): Answer;
  /** What is kept of it while the object sleeps. */
  readonly state: object;
}
