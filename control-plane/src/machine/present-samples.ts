// A sample of the machine in public shapes.

import type { MachineMetrics, Metrics, Port } from "@longwire/shared/api/views.ts";
import type { MetricsFrame } from "@longwire/shared/viewer-frame.ts";
import type { SampledPort, Samples, TreeSample } from "@longwire/shared/wire/questions.ts";

/** What viewers of the machine are told of it. */
export function presentSamples(samples: Samples): MetricsFrame {
  return {
    type: "metrics",
    machine: presentMachine(samples),
    processes: samples.trees.map((tree) => ({
      process_id: tree.process,
      run: tree.run,
      metrics: presentTree(samples, tree),
      ports: samples.ports.filter(({ process, run }) => process === tree.process && run === tree.run).map(presentPort),
    })),
  };
}

export function presentTree(samples: Samples, tree: TreeSample): Metrics {
  const { process: _, run: __, ...metrics } = tree;
  return { sampled_at: timeOf(samples), ...metrics };
}

export function presentMachine(samples: Samples): MachineMetrics {
  const { trees } = samples;
  const total = {
    cpu_percent: Math.round(10 * trees.reduce((sum, { cpu_percent: one }) => sum + one, 0)) / 10,
    memory_bytes: trees.reduce((sum, { memory_bytes: one }) => sum + one, 0),
    processes: trees.reduce((sum, { processes: one }) => sum + one, 0),
    open_handles: trees.reduce<number | null>(
      (sum, { open_handles: one }) => (one === null ? sum : (sum ?? 0) + one),
      null,
    ),
  };
  return { sampled_at: timeOf(samples), ...samples.machine, total };
}

export function presentPort({ port, address, pid, command }: SampledPort): Port {
  return { port, address, pid, command };
}

function timeOf({ at }: Samples): string {
  return new Date(at).toISOString();
}
