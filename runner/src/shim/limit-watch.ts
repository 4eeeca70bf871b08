// Whether a run has reached one of its limits. Times are counted in waking time, look by look: while the machine sleeps
// no time passes. What is sampled must be over its limit in two looks in a row, since a fork counts shared memory twice.

import type { RunLimit, RunLimitValues } from "@longwire/shared/run-limits.ts";

/** Time between two samples of the tree, and the longest between two looks at all. */
export const limitLookMs = 2000;

/** What the processes of a run use together. */
export interface TreeUsage {
  readonly memory_bytes: number;
  readonly cpu_ms: number;
  readonly open_files: number;
}

export interface LimitWatch {
  readonly limits: RunLimitValues;
  readonly ranMs: number;
  readonly quietMs: number;
  readonly outputBytes: number;
  /** The limits that the last sample was over. */
  readonly over: readonly RunLimit[];
}

export interface Reached {
  readonly limit: RunLimit;
  readonly value: number;
  readonly allowed: number;
}

const sampled = ["memory_bytes", "cpu_ms", "open_files"] as const;

export function beginWatch(limits: RunLimitValues): LimitWatch {
  return { limits, ranMs: 0, quietMs: 0, outputBytes: 0, over: [] };
}

/** Whether the tree must be sampled to hold these limits. */
export function needsSamples(limits: RunLimitValues): boolean {
  return sampled.some((limit) => limits[limit] !== undefined);
}

/** After `elapsedMs` by the clock; a longer pause than between two looks counts as one look. */
export function passTime(watch: LimitWatch, elapsedMs: number): LimitWatch {
  const passed = Math.min(Math.max(elapsedMs, 0), 2 * limitLookMs);
  return { ...watch, ranMs: watch.ranMs + passed, quietMs: watch.quietMs + passed };
}

/** After output of this many bytes, or input (0). */
export function noteActivity(watch: LimitWatch, outputBytes: number): LimitWatch {
  return { ...watch, quietMs: 0, outputBytes: watch.outputBytes + outputBytes };
}

/** The first limit that is reached, and the watch to go on with. `usage`: a sample taken just now. */
export function judgeLimits(
  watch: LimitWatch,
  usage: TreeUsage | null,
): { readonly watch: LimitWatch; readonly reached: Reached | null } {
  const counted: readonly [RunLimit, number][] = [
    ["run_ms", watch.ranMs],
    ["idle_ms", watch.quietMs],
    ["output_bytes", watch.outputBytes],
  ];
  for (const [limit, value] of counted) {
    const allowed = watch.limits[limit];
    if (allowed !== undefined && value >= allowed)
      return { watch, reached: { limit, value: Math.round(value), allowed } };
  }
  if (usage === null) return { watch, reached: null };
  const over = sampled.filter((limit) => usage[limit] >= (watch.limits[limit] ?? Infinity));
  const limit = over.find((one) => watch.over.includes(one));
  const allowed = limit === undefined ? undefined : watch.limits[limit];
  const reached = limit === undefined || allowed === undefined ? null : { limit, value: usage[limit], allowed };
  return { watch: { ...watch, over }, reached };
}

/** How long until the next look. */
export function nextLookMs({ limits, ranMs, quietMs }: LimitWatch): number {
  const left = [(limits.run_ms ?? Infinity) - ranMs, (limits.idle_ms ?? Infinity) - quietMs];
  return Math.min(limitLookMs, Math.max(1, Math.ceil(Math.min(...left))));
}
