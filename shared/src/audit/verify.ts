// Whether entries are a whole chain: numbered without a hole, each with the hash of the one before, each as it was
// written. Works over pages: each goes on from where the one before ended. Pure.

import { digestOf } from "./canonical.ts";
import type { ChainHead } from "./entry.ts";

/** What of an entry is looked at here. What else it says counts for its hash alone, so that later kinds verify too. */
export interface ChainLink {
  readonly n: number;
  readonly prev: string;
  readonly hash: string;
}

export type ChainVerdict =
  | { readonly ok: true; readonly head: ChainHead }
  /** The first entry that does not fit, and why. */
  | { readonly ok: false; readonly n: number; readonly why: string };

/** Checks the entries that follow `from`, in order. */
export function verifyChain(entries: Iterable<ChainLink>, from: ChainHead): ChainVerdict {
  let head = from;
  for (const entry of entries) {
    const expected = head.n + 1;
    if (entry.n !== expected) {
      return { ok: false, n: expected, why: `entry ${expected} is missing: ${entry.n} stands in its place` };
    }
    if (entry.prev !== head.hash) {
      return { ok: false, n: entry.n, why: `entry ${entry.n} does not follow from the one before it` };
    }
    const { hash, ...content } = entry;
    if (digestOf(content) !== hash) {
      return { ok: false, n: entry.n, why: `entry ${entry.n} is not as it was written: its hash does not fit it` };
    }
    head = { n: entry.n, hash };
  }
  return { ok: true, head };
}

/** The `target` of the entry that says that all up to `n` were let go. */
export const trimmedTarget = (n: number): string => `1-${n}`;
