// When a batch leaves. While somebody watches the machine, at once; while nobody does, a second's worth together, since
// the control plane pays by the row and not by the byte.

import { flushAfterMs, flushBytes } from "@longwire/shared/limits.ts";

/** What was appended since the last batch left. */
export interface Pending {
  readonly bytes: number;
  /** Monotonic milliseconds of the first of it; null where there is none. */
  readonly since: number | null;
}

export const nothingPending: Pending = { bytes: 0, since: null };

/** After one more append. `Infinity` bytes: it is not to wait. */
export function notePending(pending: Pending, bytes: number, now: number): Pending {
  return { bytes: pending.bytes + bytes, since: pending.since ?? now };
}

/** Milliseconds to wait before what is pending leaves; 0: now. */
export function flushDelayMs(pending: Pending, attended: boolean, now: number): number {
  if (attended || pending.since === null || pending.bytes >= flushBytes) return 0;
  return Math.max(0, pending.since + flushAfterMs - now);
}
