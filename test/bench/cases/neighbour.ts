/**
 * A quiet process beside a flood: its latency alone, and while another process of the same machine floods. Each has a
 * viewer of its own.
 */
import { setTimeout as delay } from "node:timers/promises";

import { type Case, defineCase } from "../case.ts";
import { createFloodCheck, floodingChild } from "../floods.ts";
import { startGate } from "../gate.ts";
import { addFaults } from "../order.ts";
import { createStamps, stampingChild } from "../stamps.ts";
import { isRemote } from "../subject.ts";

/** Job 0 floods with this many lines, job 1 prints this often: first alone, then beside it. */
export function createNeighbour(prints: number, lines: number): Case {
  return defineCase({
    name: "neighbour",
    fits: isRemote,
    async setUp(subject) {
      const [quietGate, stampGate, floodGate] = await Promise.all([startGate(1), startGate(1), startGate(1)]);
      return {
        ...{ quietGate, stampGate, floodGate },
        quietRun: await subject.begin([stampingChild(prints, "\n", quietGate.port)]),
        run: await subject.begin([stampingChild(prints, "\n", stampGate.port)]),
        floodRun: await subject.begin([floodingChild(0, lines, floodGate.port)]),
        quiet: createStamps(prints, "\n"),
        beside: createStamps(prints, "\n"),
        check: createFloodCheck(1, lines),
      };
    },
    async measure({ quietGate, stampGate, floodGate, quietRun, run, floodRun, quiet, beside, check }) {
      const alone = await quietRun.follow((_, bytes) => quiet.take(bytes));
      await quietRun.ask();
      await quietGate.full;
      quietGate.open();
      await alone.complete;
      alone.close();
      const viewer = await run.follow((_, bytes) => beside.take(bytes));
      const floodViewer = await floodRun.follow((job, bytes) => check.take(job, bytes));
      await Promise.all([run.ask(), floodRun.ask()]);
      await Promise.all([stampGate.full, floodGate.full]);
      floodGate.open();
      while (check.goodBytes() === 0) await delay(1);
      stampGate.open();
      await Promise.all([viewer.complete, floodViewer.complete]);
      viewer.close();
      floodViewer.close();
      const until = check.lastSeenNs();
      return {
        "neighbour alone p50, ms": quiet.delayMs(0.5),
        "neighbour alone p95, ms": quiet.delayMs(0.95),
        "neighbour in a flood p50, ms": beside.delayMs(0.5, until),
        "neighbour in a flood p95, ms": beside.delayMs(0.95, until),
      };
    },
    verify: ({ quiet, beside, check }) => addFaults([quiet.finish(), beside.finish(), check.finish()]),
    async tearDown({ quietGate, stampGate, floodGate, quietRun, run, floodRun }) {
      for (const gate of [quietGate, stampGate, floodGate]) gate.close();
      await quietRun.close();
      await run.close();
      await floodRun.close();
    },
  });
}
