// What one run used lately, as the feed tells it every two seconds. Pure.

import type { Metrics, Port } from "@longwire/shared/api/views.ts";

/** Samples kept: four minutes. */
export const maxSamples = 120;

export interface Usage {
  readonly run: number;
  /** Milliseconds since 1970, oldest first; the other lists go along with it. */
  readonly at: readonly number[];
  /** Percent of one processor. */
  readonly cpu: readonly number[];
  readonly memory: readonly number[];
  readonly latest: Metrics;
  readonly ports: readonly Port[];
}

/** `usage` with one more sample; a new run begins anew. */
export function addSample(usage: Usage | null, run: number, metrics: Metrics, ports: readonly Port[]): Usage {
  const before = usage?.run === run ? usage : null;
  const push = (list: readonly number[] | undefined, value: number): readonly number[] =>
    [...(list ?? []), value].slice(-maxSamples);
  return {
    run,
    at: push(before?.at, Date.parse(metrics.sampled_at)),
    cpu: push(before?.cpu, metrics.cpu_percent),
    memory: push(before?.memory, metrics.memory_bytes),
    latest: metrics,
    ports,
  };
}
