/**
 * Floods: children that print numbered 100-byte lines as fast as they can, all let go at the same moment. The clock runs
 * from the moment all of them print to the last byte seen by the viewer.
 */
import { type Case, defineCase } from "../case.ts";
import { createFloodCheck, floodingChild, megabytesPerSecond } from "../floods.ts";
import { startGate } from "../gate.ts";
import { isRemote } from "../subject.ts";

/** A flood by this many children of this many lines each. */
export function createFlood(children: number, lines: number): Case {
  return defineCase({
    name: "flood",
    variant: `×${children}`,
    everyReader: true,
    fits: isRemote,
    async setUp(subject) {
      const gate = await startGate(children);
      const jobs = Array.from({ length: children }, (_, job) => floodingChild(job, lines, gate.port));
      return { gate, run: await subject.begin(jobs), check: createFloodCheck(children, lines) };
    },
    async measure({ gate, run, check }) {
      const viewer = await run.follow(check.take);
      await run.ask();
      await gate.full;
      gate.open();
      await viewer.complete;
      viewer.close();
      return { [`flood ×${children}, MB/s`]: megabytesPerSecond(children * lines, check.seconds()) };
    },
    verify: ({ check }) => check.finish(),
    async tearDown({ gate, run }) {
      gate.close();
      await run.close();
    },
  });
}
