/**
 * Stop: a child floods; after a while it is stopped, as an operator does it. The clock runs from asking to the answer that
 * it is gone. A bare spawn's child is sent the same signal.
 */
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";

import { type Case, defineCase } from "../case.ts";
import { MAX_LINES } from "../children/line.ts";
import { createFloodCheck, floodingChild } from "../floods.ts";
import { startGate } from "../gate.ts";
import { isStoppable, type Subject } from "../subject.ts";

/** A stop after this many bytes. */
export function createStop(bytes: number): Case {
  return defineCase({
    name: "stop",
    fits: (subject): subject is Subject => subject.name === "spawn" || subject.name === "longwire",
    async setUp(subject) {
      const gate = await startGate(1);
      const run = await subject.begin([floodingChild(0, MAX_LINES, gate.port)]);
      return { gate, run, check: createFloodCheck(1, MAX_LINES) };
    },
    async measure({ gate, run, check }) {
      if (!isStoppable(run)) throw new Error("this run cannot be stopped");
      const viewer = await run.follow(check.take);
      await run.ask();
      await gate.full;
      gate.open();
      await waitUntil("it floods", () => check.goodBytes() >= bytes);
      const askedAt = performance.now();
      await run.stop();
      const stopMs = performance.now() - askedAt;
      await viewer.complete;
      viewer.close();
      return { "stop in a flood, ms": stopMs };
    },
    // Nobody knows how much the child had printed: what came must be its beginning.
    verify: ({ check }) => check.finishCut(),
    async tearDown({ gate, run }) {
      gate.close();
      await run.close();
    },
  });
}
