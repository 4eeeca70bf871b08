// How long a run may go on without a runner. Counted in waking time: while the machine sleeps no time passes.

/** Time between two looks at the clock. A longer pause between them counts as one look: the machine slept meanwhile. */
export const leaseTickMs = 1000;

export interface Lease {
  /** Null: never ends. 0: ends with the runner. */
  readonly leaseMs: number | null;
  readonly aloneMs: number;
}

/** The lease `elapsedMs` later by the clock, with a runner attached or not. */
export function advanceLease(lease: Lease, elapsedMs: number, attached: boolean): Lease {
  if (attached) return lease.aloneMs === 0 ? lease : { ...lease, aloneMs: 0 };
  return { ...lease, aloneMs: lease.aloneMs + Math.min(Math.max(elapsedMs, 0), 2 * leaseTickMs) };
}

/** Whether the run must end now. */
export function hasExpired(lease: Lease, attached: boolean): boolean {
  return !attached && lease.leaseMs !== null && lease.aloneMs >= lease.leaseMs;
}
