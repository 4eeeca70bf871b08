// F9: frames arrive a byte at a time, and connections are cut in the middle of one.

import { seeded } from "../support/random.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { Stage } from "./stage.ts";

const secondsPerCut = 1.5;
const mostBytes = 4000;

export async function cutFrames({ count, seed }: FaultOptions): Promise<FaultReport> {
  const random = seeded(seed);
  return await Stage.use(async (stage) => {
    const seconds = count * secondsPerCut;
    await stage.startLines(Math.ceil(seconds * 100), seconds);
    await stage.untilPrinting();
    for (let cut = 0; cut < count; cut++) {
      stage.proxy.faults = cut % 2 === 0 ? { sliceBytes: 1 } : {};
      // Some cuts hit the handshake or the hello, most a batch: the child goes on printing.
      await stage.proxy.cutAfter(Math.floor(random() ** 2 * mostBytes));
    }
    stage.proxy.faults = {};
    return { wrongs: await stage.compare(), late: [], figures: { dials: stage.proxy.accepted } };
  });
}
