import { expect, test } from "vitest";
import type { Metrics } from "@longwire/shared/api/views.ts";
import { addSample, maxSamples, type Usage } from "./usage.ts";

const sample = (second: number, cpu: number): Metrics => ({
  sampled_at: new Date(second * 1000).toISOString(),
  ...{ cpu_percent: cpu, cpu_user_ms: 0, cpu_system_ms: 0, memory_bytes: cpu * 2, processes: 1 },
  ...{ open_handles: null, read_bytes: null, written_bytes: null, idle_ms: 0 },
});

test("[B7] of each run the last four minutes are kept, and a new run begins anew", () => {
  let usage: Usage | null = null;
  for (let second = 0; second < maxSamples + 30; second++) usage = addSample(usage, 1, sample(second, second), []);
  expect(usage?.cpu).toHaveLength(maxSamples);
  expect([usage?.cpu[0], usage?.cpu.at(-1), usage?.memory.at(-1)]).toEqual([
    30,
    maxSamples + 29,
    (maxSamples + 29) * 2,
  ]);
  expect(usage?.at).toHaveLength(maxSamples);
  expect(addSample(usage, 2, sample(500, 7), []).cpu).toEqual([7]);
});
