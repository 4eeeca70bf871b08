/**
 * Latency with somebody watching: a child prints the monotonic time every 10 ms; the delay is the viewer's clock, on the
 * same machine, less the printed time, when the chunk that completes the print arrives. Whole lines, and unfinished ones.
 */
import { type Case, defineCase } from "../case.ts";
import { startGate } from "../gate.ts";
import { createStamps, type Ending, stampingChild } from "../stamps.ts";
import { isRemote } from "../subject.ts";

/** A quiet child with this many prints. */
export function createLatency(label: string, prints: number, ending: Ending): Case {
  return defineCase({
    name: "latency",
    variant: label,
    everyReader: true,
    fits: isRemote,
    async setUp(subject) {
      const gate = await startGate(1);
      const run = await subject.begin([stampingChild(prints, ending, gate.port)]);
      return { gate, run, stamps: createStamps(prints, ending) };
    },
    async measure({ gate, run, stamps }) {
      const viewer = await run.follow((_, bytes) => stamps.take(bytes));
      await run.ask();
      await gate.full;
      gate.open();
      await viewer.complete;
      viewer.close();
      return { [`${label} p50, ms`]: stamps.delayMs(0.5), [`${label} p99, ms`]: stamps.delayMs(0.99) };
    },
    verify: ({ stamps }) => stamps.finish(),
    async tearDown({ gate, run }) {
      gate.close();
      await run.close();
    },
  });
}
