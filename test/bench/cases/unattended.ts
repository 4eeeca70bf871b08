/**
 * Latency with nobody watching: the same child, and no viewer. A reader nobody holds a place for asks every few
 * milliseconds for what is stored since it last asked; the delay is its clock at the answer less the printed time. So it
 * is the time until a print is stored and can be read, and one poll.
 */
import { setTimeout as delay } from "node:timers/promises";

import { type Case, defineCase } from "../case.ts";
import { startGate } from "../gate.ts";
import { createStamps, stampingChild } from "../stamps.ts";
import { isStoring } from "../subject.ts";

const POLL_MS = 5;

/** A quiet child with this many prints. */
export function createUnattended(prints: number): Case {
  return defineCase({
    name: "latency",
    variant: "unattended",
    fits: isStoring,
    async setUp(subject) {
      const gate = await startGate(1);
      const run = await subject.begin([stampingChild(prints, "\n", gate.port)]);
      return { gate, run, stamps: createStamps(prints, "\n") };
    },
    async measure({ gate, run, stamps }) {
      await run.ask();
      await gate.full;
      gate.open();
      while (!(await run.poll((_, bytes) => stamps.take(bytes)))) await delay(POLL_MS);
      return { "unattended p50, ms": stamps.delayMs(0.5), "unattended p99, ms": stamps.delayMs(0.99) };
    },
    verify: ({ stamps }) => stamps.finish(),
    async tearDown({ gate, run }) {
      gate.close();
      await run.close();
    },
  });
}
