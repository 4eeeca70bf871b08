// How much may be on its way unacknowledged: what the other end takes in a round trip and 200 ms more, over a long way
// three quarters of a round trip, but no more than 640 KiB of that: so it never waits for us, and a quiet process's line
// never waits long behind a flood. Pure.
//
// The rate is measured by acknowledgements. A faster one is believed at once; a slower one bit by bit, and only where
// the window held us back: otherwise there was nothing more to send.

import { linkQueueBytes, linkQueueMs, linkWindowBytes, minLinkWindowBytes } from "@longwire/shared/limits.ts";

export interface Window {
  readonly bytes: number;
  /** Bytes a millisecond; 0 while nothing was acknowledged. */
  readonly rate: number;
  /** The shortest time from a batch to its acknowledgement on this connection. */
  readonly roundTripMs: number;
}

/** What one acknowledgement shows. */
export interface AckSample {
  /** Bytes acknowledged since the batch left, itself included. */
  readonly bytes: number;
  /** How long that took. */
  readonly tookMs: number;
  /** Whether nothing more was allowed to leave after the batch. */
  readonly wasFull: boolean;
}

export const firstWindow: Window = { bytes: minLinkWindowBytes, rate: 0, roundTripMs: Infinity };

/** Two batches take turns. Over a long way each has to last while the answer to the other one comes back. */
const tripShare = 3 / 4;
/** How much of a slower rate is believed at once. */
const slowdown = 1 / 4;
/** A clock's step: what came sooner counts as this. */
const minTookMs = 0.1;

/** The window after an acknowledgement, between its two bounds. */
export function adjustWindow(window: Window, { bytes, tookMs, wasFull }: AckSample): Window {
  const roundTripMs = Math.min(window.roundTripMs, Math.max(tookMs, minTookMs));
  const seen = bytes / Math.max(tookMs, minTookMs);
  const slower = wasFull ? window.rate + (seen - window.rate) * slowdown : window.rate;
  const rate = Math.max(seen, slower);
  const queueMs = Math.max(linkQueueMs, roundTripMs * tripShare);
  const wanted = Math.round(rate * roundTripMs + Math.min(rate * queueMs, linkQueueBytes));
  return { bytes: Math.min(linkWindowBytes, Math.max(minLinkWindowBytes, wanted)), rate, roundTripMs };
}
