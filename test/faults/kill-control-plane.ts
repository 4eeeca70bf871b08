// F2: the control plane is killed again and again while a child prints. Its host starts it again on the same storage.

import { setTimeout as delay } from "node:timers/promises";
import { seeded } from "../support/random.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { judgeTimes } from "./judge-times.ts";
import { Stage } from "./stage.ts";

const linesPerSecond = 100;
const secondsPerKill = 2.5;

export async function killControlPlane({ count, seed }: FaultOptions): Promise<FaultReport> {
  const random = seeded(seed);
  return await Stage.use(async (stage) => {
    const seconds = count * secondsPerKill;
    await stage.startLines(seconds * linesPerSecond, seconds);
    const reattachMs: number[] = [];
    for (let kill = 0; kill < count; kill++) {
      await stage.untilOnline();
      await delay(random() * 1000);
      await stage.untilRestarted();
      const backAt = performance.now();
      await stage.untilOnline();
      reattachMs.push(performance.now() - backAt);
    }
    const wrongs = await stage.compare();
    return { wrongs, ...judgeTimes("reattach", reattachMs, { p95: 3000 }) };
  });
}
