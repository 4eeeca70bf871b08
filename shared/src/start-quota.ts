// How often a machine is asked to begin a run: two thirds of a minute's quota at once, the rest as the minute goes. So
// no minute, whenever it begins, sees more than the quota. One number is all there is to keep of what was spent.

import { defaultStartsPerMinute, maxStartsPerMinute } from "./limits.ts";

const minuteMs = 60_000;

/** The quota an operator wrote; the default where none is written, null where it is no fitting number. */
export function readStartQuota(text: string | undefined): number | null {
  if (text === undefined) return defaultStartsPerMinute;
  if (!/^[1-9][0-9]{0,8}$/.test(text)) return null;
  return Number(text) <= maxStartsPerMinute ? Number(text) : null;
}

/** `spentUntil`: when all of the quota is there again. */
export type StartVerdict =
  | { readonly type: "taken"; readonly spentUntil: number }
  | { readonly type: "over"; readonly retryAfterMs: number };

/** Takes one start at `now`, where the quota has one. */
export function takeStart(spentUntil: number, perMinute: number, now: number): StartVerdict {
  const atOnce = Math.max(1, Math.floor((perMinute * 2) / 3));
  const everyMs = minuteMs / Math.max(1, perMinute - atOnce);
  // A clock that was set back must not keep anybody waiting.
  const spent = Math.min(Math.max(spentUntil, now), now + atOnce * everyMs);
  const over = spent + everyMs - now - atOnce * everyMs;
  if (over > 0) return { type: "over", retryAfterMs: Math.ceil(over) };
  return { type: "taken", spentUntil: spent + everyMs };
}
