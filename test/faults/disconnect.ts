// F0: numbered lines through a long disconnect with a kill -9 of the control plane inside it. None may be lost, doubled
// or out of its place, by the child's own account.

import { setTimeout as delay } from "node:timers/promises";
import { outputOf } from "../support/api.ts";
import { seeded } from "../support/random.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { Stage } from "./stage.ts";
import { tallyLines } from "./tally-lines.ts";

const lines = 29_297;
/** The child prints this much longer than the link is down. */
const marginSeconds = 10;

export async function disconnect({ count: seconds, seed }: FaultOptions): Promise<FaultReport> {
  const random = seeded(seed);
  return await Stage.use(async (stage) => {
    const id = await stage.startLines(lines, seconds + marginSeconds);
    await stage.untilPrinting();
    await delay(random() * 2000);
    stage.proxy.faults = { refuse: true };
    stage.proxy.reset();
    const cutAt = performance.now();
    await delay(seconds * 1000 * (0.2 + random() * 0.6));
    const restartMs = await stage.untilRestarted();
    await delay(Math.max(0, seconds * 1000 - (performance.now() - cutAt)));
    stage.proxy.faults = {};
    const backAt = performance.now();
    await stage.untilOnline();
    const reattachMs = performance.now() - backAt;
    const wrongs = await stage.compare();
    const tally = tallyLines(stage.ledgerOf(id), outputOf(await stage.api.events(), id).toString());
    for (const [what, number] of Object.entries(tally)) if (number > 0) wrongs.push(`${number} lines ${what}`);
    const times = { restart_ms: Math.round(restartMs), reattach_ms: Math.round(reattachMs) };
    return { wrongs, late: [], figures: { lines, ...tally, ...times } };
  });
}
