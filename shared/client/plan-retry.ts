// Decides whether a call that failed is made again, and when.

import { backoffMs } from "../src/backoff.ts";

export interface Failure {
  /** Of the answer; 0 where none came. */
  readonly status: number;
  readonly retryAfterMs: number | null;
}

export interface RetryTerms {
  /** Whether doing it twice is doing it once. */
  readonly isRepeatable: boolean;
  /** How often at most it is made again. */
  readonly retries: number;
}

/** What a control plane asks for beyond this is left to the caller. */
export const maxPauseMs = 30_000;

/** No answer, the machine is away, no word from it: the outcome is open, or nothing was done. */
const open: readonly number[] = [0, 503, 504];
const turnedAway = 429;

/** Milliseconds until the call is made again after `failures` ones before this; null: it is not. `random` is in [0, 1). */
export function planRetry(failure: Failure, failures: number, terms: RetryTerms, random: number): number | null {
  const { status, retryAfterMs } = failure;
  if (failures >= terms.retries) return null;
  if (status !== turnedAway && !(terms.isRepeatable && open.includes(status))) return null;
  if (retryAfterMs !== null && retryAfterMs > maxPauseMs) return null;
  return Math.max(backoffMs(failures, random), retryAfterMs ?? 0);
}
