/**
 * Fan-out: a child floods for some viewers, then another prints the time every 10 ms for the same ones. One of them may be
 * slow, behind a proxy that lets 1 kB/s through, so it misses most of the flood while the others go on: theirs are the
 * figures. Throughput is of one viewer's copy, until the last of them has it.
 */
import { type Case, defineCase } from "../case.ts";
import { createFloodCheck, type FloodCheck, floodingChild, megabytesPerSecond } from "../floods.ts";
import { startGate } from "../gate.ts";
import { addFaults } from "../order.ts";
import { createStamps, stampingChild, type Stamps } from "../stamps.ts";
import { type Following, isStoring } from "../subject.ts";
import { FaultProxy } from "../../support/fault-proxy.ts";
import { pickQuantile } from "../quantile.ts";

const SLOW = { bytesPerSecond: 1000, sliceBytes: 100 };

interface Viewer {
  readonly flood: FloodCheck;
  readonly stamps: Stamps;
}

/** This many viewers, one of them slow or none, for this many lines and prints. */
export function createFanOut(viewers: number, withSlow: boolean, lines: number, prints: number): Case {
  const label = `${viewers} viewers${withSlow ? ", one slow" : ""}`;
  const bytes = lines * 100;
  return defineCase({
    name: "fan-out",
    variant: label,
    maxRounds: 3,
    everyReader: true,
    fits: isStoring,
    async setUp(subject) {
      const [floodGate, stampGate] = await Promise.all([startGate(1), startGate(1)]);
      const run = await subject.begin([
        floodingChild(0, lines, floodGate.port),
        stampingChild(prints, "\n", stampGate.port),
      ]);
      const create = (): Viewer => ({ flood: createFloodCheck(1, lines), stamps: createStamps(prints, "\n") });
      const proxy = withSlow ? await FaultProxy.open(Number(new URL(subject.url()).port)) : null;
      const quick = Array.from({ length: withSlow ? viewers - 1 : viewers }, create);
      return { subject, floodGate, stampGate, run, quick, slow: create(), proxy, attached: new Array<Following>() };
    },
    async measure({ floodGate, stampGate, run, quick, slow, proxy, attached }) {
      const flooded = Promise.withResolvers<void>();
      const isFlooded = (): boolean => quick.every(({ flood }) => flood.goodBytes() >= bytes);
      const completions: Promise<void>[] = [];
      for (const { flood, stamps } of quick) {
        const viewer = await run.follow((job, chunk) => {
          if (job === 1) return stamps.take(chunk);
          flood.take(job, chunk);
          if (flood.goodBytes() >= bytes && isFlooded()) flooded.resolve();
        });
        attached.push(viewer);
        completions.push(viewer.complete);
      }
      if (proxy !== null) {
        const viewer = await run.followAt(proxy.url, (job, chunk) => {
          if (job === 0) slow.flood.take(job, chunk);
        });
        attached.push(viewer);
        proxy.faults = SLOW;
      }
      await run.ask();
      await Promise.all([floodGate.full, stampGate.full]);
      floodGate.open();
      await Promise.race([flooded.promise, ...completions]);
      stampGate.open();
      await Promise.all(completions);
      const seconds = Math.max(...quick.map(({ flood }) => flood.seconds()));
      return {
        [`${label}, MB/s`]: megabytesPerSecond(lines, seconds),
        [`${label} p50, ms`]: pickQuantile(
          quick.map(({ stamps }) => stamps.delayMs(0.5)),
          0.5,
        ),
        [`${label} p99, ms`]: Math.max(...quick.map(({ stamps }) => stamps.delayMs(0.99))),
      };
    },
    verify({ quick, slow }) {
      const faults = quick.flatMap(({ flood, stamps }) => [flood.finish(), stamps.finish()]);
      // The slow one has only come so far; what it has must be the beginning.
      return addFaults([...faults, slow.flood.finishCut()]);
    },
    async tearDown({ floodGate, stampGate, run, attached, proxy }) {
      floodGate.close();
      stampGate.close();
      for (const viewer of attached) viewer.close();
      await proxy?.close();
      await run.close();
    },
  });
}
