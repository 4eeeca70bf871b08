// F6: the links of several machines are reset again and again, each 0.1 to 2 s after it came up. Nothing may be lost, and
// a runner may hold no more open files after that than before.

import { setTimeout as delay } from "node:timers/promises";
import { openFiles } from "../support/process-figures.ts";
import { Product } from "../support/product.ts";
import { seeded } from "../support/random.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { judgeTimes } from "./judge-times.ts";
import { Stage, useOne } from "./stage.ts";

const machines = 4;
const leastMs = 100;
const mostMs = 2000;
/** What a lifetime and the way back take on average, so that children print through all of it. */
const secondsPerReset = 1.2;
const strayFiles = 5;

export async function resetOften({ count, seed }: FaultOptions): Promise<FaultReport> {
  return await useOne(await Product.start(), async (product) => {
    const each = Math.ceil(count / machines);
    const played = await Promise.all(
      Array.from({ length: machines }, (_, at) =>
        Stage.on(product, (stage) => resetOne(stage, each, seeded(seed + at))),
      ),
    );
    const wrongs = played.flatMap((one) => one.wrongs);
    const reconnectMs = played.flatMap((one) => one.reconnectMs);
    const leaked = Math.max(...played.map((one) => one.leaked));
    const { late, figures } = judgeTimes("reconnect", reconnectMs, { p95: 2000 });
    return { wrongs, late, figures: { ...figures, reconnects: reconnectMs.length, files_more: leaked } };
  });
}

interface Played {
  readonly wrongs: readonly string[];
  readonly reconnectMs: readonly number[];
  readonly leaked: number;
}

async function resetOne(stage: Stage, times: number, random: () => number): Promise<Played> {
  const seconds = times * secondsPerReset;
  await stage.startLines(Math.ceil(seconds * 100), seconds);
  await stage.untilPrinting();
  const before = openFiles(stage.runner.pid);
  const reconnectMs: number[] = [];
  for (let reset = 0; reset < times; reset++) {
    await delay(leastMs * (mostMs / leastMs) ** random());
    const dials = stage.proxy.accepted;
    stage.proxy.reset();
    const resetAt = performance.now();
    await stage.untilDialled(dials);
    await stage.untilOnline();
    reconnectMs.push(performance.now() - resetAt);
  }
  // The child may still run: it holds as many files as before.
  const leaked = openFiles(stage.runner.pid) - before;
  const wrongs = await stage.compare();
  if (leaked > strayFiles) wrongs.push(`the runner holds ${leaked} more files than before`);
  return { wrongs, reconnectMs, leaked };
}
