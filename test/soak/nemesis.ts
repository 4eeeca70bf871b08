// What befalls a link and both its ends in a storm: one trouble after the other, drawn from a seed.

import { setTimeout as delay } from "node:timers/promises";
import type { FaultProxy } from "../support/fault-proxy.ts";
import type { LoneRunner } from "../support/lone-runner.ts";
import type { Product } from "../support/product.ts";

export interface Nemesis {
  readonly product: Product;
  readonly proxy: FaultProxy;
  readonly runner: LoneRunner;
  /** In [0, 1). */
  readonly random: () => number;
}

type Trouble = (nemesis: Nemesis) => Promise<void> | void;

const troubles: Readonly<Record<string, Trouble>> = {
  reset: ({ proxy }) => proxy.reset(),
  resetOften: async ({ proxy, random }) => {
    for (let times = 0; times < 5; times++) {
      proxy.reset();
      await delay(100 + random() * 400);
    }
  },
  refuse: async ({ proxy, random }) => {
    proxy.faults = { refuse: true };
    proxy.reset();
    await delay(random() * 3000);
  },
  blackHole: async ({ proxy, random }) => {
    proxy.faults = { blackHole: true };
    await delay(random() * 4000);
  },
  slice: async ({ proxy, random }) => {
    proxy.faults = { sliceBytes: 1 + Math.floor(random() * 700) };
    await delay(random() * 2000);
  },
  slow: async ({ proxy, random }) => {
    proxy.faults = { latencyMs: random() * 200, bytesPerSecond: 100_000 + random() * 1e6 };
    await delay(random() * 3000);
  },
  killControlPlane: ({ product }) => {
    const workerd = product.tree().findLast(({ command }) => /workerd.*serve/.test(command));
    if (workerd !== undefined) process.kill(workerd.pid, "SIGKILL");
  },
  killRunner: async ({ runner }) => await runner.replace(),
};

/** Troubles until `untilMs` of the monotonic clock, then none; how often each came. */
export async function rage(nemesis: Nemesis, untilMs: number): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const all = Object.entries(troubles);
  while (performance.now() < untilMs) {
    const [name, cause] = all[Math.floor(nemesis.random() * all.length)] ?? ["none", () => undefined];
    counts[name] = (counts[name] ?? 0) + 1;
    await cause(nemesis);
    nemesis.proxy.faults = {};
    await delay(200 + nemesis.random() * 1800);
  }
  return counts;
}
