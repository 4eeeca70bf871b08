// Whether a link is still alive. A pong proves that the other end's runtime lives, an acknowledgement that its object
// does. Clocks that part, or a timer that comes late, mean that this machine slept: what the link then holds is stale.

import { ackWithinMs, pingEveryMs, pongWithinMs } from "@longwire/shared/limits.ts";

/** Times in milliseconds of a monotonic clock; null: not waiting. */
export interface LinkTimes {
  readonly lastPingAt: number;
  /** When the unanswered ping was sent. */
  readonly awaitingPongSince: number | null;
  /** Since when something is on its way with no acknowledgement coming. */
  readonly awaitingAckSince: number | null;
  /** The look before this one, by both clocks. */
  readonly lastLookAt: number;
  readonly lastLookWall: number;
}

export type Liveness =
  | { readonly type: "fine" }
  | { readonly type: "ping" }
  | { readonly type: "dead"; readonly reason: string };

/** How often to look. */
export const lookEveryMs = 1000;
const jumpMs = 5000;

export function judgeLiveness(times: LinkTimes, now: number, wall: number): Liveness {
  const passed = now - times.lastLookAt;
  const drift = Math.abs(wall - times.lastLookWall - passed);
  if (passed > lookEveryMs + jumpMs || drift > jumpMs) return { type: "dead", reason: "this machine was asleep" };
  if (times.awaitingPongSince !== null && now - times.awaitingPongSince > pongWithinMs) {
    return { type: "dead", reason: `no answer within ${pongWithinMs / 1000} s` };
  }
  if (times.awaitingAckSince !== null && now - times.awaitingAckSince > ackWithinMs) {
    return { type: "dead", reason: `nothing acknowledged for ${ackWithinMs / 1000} s` };
  }
  const isPingDue = times.awaitingPongSince === null && now - times.lastPingAt >= pingEveryMs;
  return { type: isPingDue ? "ping" : "fine" };
}

/** Of a connection that begins at `now`, by the monotonic clock, and at `wall`. */
export function freshTimes(now: number, wall: number): LinkTimes {
  return { lastPingAt: now, awaitingPongSince: null, awaitingAckSince: null, lastLookAt: now, lastLookWall: wall };
}
