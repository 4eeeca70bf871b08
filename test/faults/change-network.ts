// F34: the network changes. Every connection breaks, nobody is there for a while, then the runner's connections come
// from another address.

import { setTimeout as delay } from "node:timers/promises";
import { seeded } from "../support/random.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { judgeTimes } from "./judge-times.ts";
import { Stage } from "./stage.ts";

const secondsPerChange = 5;

export async function changeNetwork({ count, seed }: FaultOptions): Promise<FaultReport> {
  const random = seeded(seed);
  return await Stage.use(async (stage) => {
    const seconds = count * secondsPerChange;
    await stage.startLines(seconds * 100, seconds);
    await stage.untilPrinting();
    const reattachMs: number[] = [];
    for (let change = 0; change < count; change++) {
      const comeBack = await stage.proxy.leave();
      await delay(random() * 3000);
      stage.proxy.localAddress = `127.0.0.${2 + (change % 200)}`;
      const dials = stage.proxy.accepted;
      await comeBack();
      const backAt = performance.now();
      await stage.untilDialled(dials);
      await stage.untilOnline();
      reattachMs.push(performance.now() - backAt);
      await delay(random() * 1000);
    }
    return { wrongs: await stage.compare(), ...judgeTimes("reattach", reattachMs, {}) };
  });
}
