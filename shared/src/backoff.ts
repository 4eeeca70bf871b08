// The one delay between tries: exponential with full jitter, so that many runners do not return together.

import { backoffMaxMs, backoffMinMs } from "./limits.ts";

/**
 * Milliseconds to wait before try number `failures + 1`. `random` is in [0, 1). Between `backoffMinMs` and a ceiling
 * of four times that, which doubles with each failure up to `backoffMaxMs`: the first try is spread out like the others.
 */
export function backoffMs(failures: number, random: number): number {
  const ceiling = Math.min(backoffMaxMs, backoffMinMs * 2 ** Math.min(Math.max(failures, 0) + 2, 16));
  return backoffMinMs + random * (ceiling - backoffMinMs);
}
