// The one delay between tries: exponential with full jitter, so that many do not return together.

import { backoffMaxMs, backoffMinMs } from "./limits.ts";

/** Between which delays a back-off moves, in milliseconds. */
export interface BackoffBounds {
  readonly minMs: number;
  readonly maxMs: number;
}

const linkBounds: BackoffBounds = { minMs: backoffMinMs, maxMs: backoffMaxMs };

/**
 * Milliseconds to wait before try number `failures + 1`. `random` is in [0, 1). Between `minMs` and a ceiling of four
 * times that, which doubles with each failure up to `maxMs`: the first try is spread out like the others.
 */
export function backoffMs(failures: number, random: number, bounds: BackoffBounds = linkBounds): number {
  const { minMs, maxMs } = bounds;
  const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(Math.max(failures, 0) + 2, 32));
  const floor = Math.min(minMs, maxMs);
  return floor + random * (ceiling - floor);
}
