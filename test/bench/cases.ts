/** All cases, in the order they are measured and reported in. */
import type { Case } from "./case.ts";
import { createFanOut } from "./cases/fan-out.ts";
import { createFlood } from "./cases/flood.ts";
import { createLatency } from "./cases/latency.ts";
import { createMachines } from "./cases/machines.ts";
import { createMemory } from "./cases/memory.ts";
import { createNeighbour } from "./cases/neighbour.ts";
import { createReplay } from "./cases/replay.ts";
import { createRows } from "./cases/rows.ts";
import { createSearch } from "./cases/search.ts";
import { createStart } from "./cases/start.ts";
import { createStop } from "./cases/stop.ts";
import { createTail } from "./cases/tail.ts";
import { createUnattended } from "./cases/unattended.ts";
import type { Sizes } from "./sizes.ts";

/** The cases of this size. */
export function createCases(sizes: Sizes): Case[] {
  const { prints, crowd, fanOut, machines } = sizes;
  const crowds = fanOut.viewers.flatMap((viewers) =>
    (viewers === 1 ? [false] : [false, true]).map((withSlow) =>
      createFanOut(viewers, withSlow, fanOut.lines, fanOut.prints),
    ),
  );
  return [
    createLatency("lines", prints, "\n"),
    createLatency("partial lines", prints, ";"),
    createUnattended(prints),
    createFlood(1, sizes.lines),
    createFlood(crowd.children, crowd.lines),
    ...crowds,
    createReplay(sizes.replayLines),
    createTail(sizes.tailLines),
    createStart(sizes.starts),
    createStop(sizes.stopBytes),
    createNeighbour(prints, sizes.neighbourLines),
    createSearch(sizes.search.lines, sizes.search.hostileLines),
    createMemory(sizes.memoryLines),
    createRows(sizes.rowsSeconds),
    createMachines(machines.counts, machines.settleMs, machines.quietMs),
  ];
}
