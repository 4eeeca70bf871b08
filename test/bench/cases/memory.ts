/**
 * Memory under a flood: how much resident memory the runner, the shim and the object's process take at the most while a
 * child floods, over what they had before it; the shim, which begins with the run, over what it had when it was ready.
 */
import { type Case, defineCase } from "../case.ts";
import { createFloodCheck, floodingChild } from "../floods.ts";
import { startGate } from "../gate.ts";
import type { Figures } from "../measurement.ts";
import { isStoring } from "../subject.ts";
import { pidsOf, residentMib, type Role } from "../usage.ts";

const ROLES: readonly Role[] = ["workerd", "runner", "shim"];
const SAMPLE_MS = 50;

/** A flood of this many lines, by a subject that was just started. */
export function createMemory(lines: number): Case {
  return defineCase({
    name: "memory",
    isFresh: true,
    fits: (subject) => isStoring(subject),
    async setUp(subject) {
      const gate = await startGate(1);
      const run = await subject.begin([floodingChild(0, lines, gate.port)]);
      return { subject, gate, run, check: createFloodCheck(1, lines) };
    },
    async measure({ subject, gate, run, check }) {
      const viewer = await run.follow(check.take);
      await run.ask();
      await gate.full;
      const watched = ROLES.map((role) => {
        const pids = pidsOf(subject, role);
        const before = residentMib(pids);
        return { role, pids, before, peak: before };
      });
      const sampler = setInterval(() => {
        for (const one of watched) one.peak = Math.max(one.peak, residentMib(one.pids));
      }, SAMPLE_MS);
      try {
        gate.open();
        await viewer.complete;
      } finally {
        clearInterval(sampler);
        viewer.close();
      }
      const figures: Figures = Object.fromEntries(
        watched
          .filter(({ pids }) => pids.length > 0)
          .map(({ role, before, peak }) => [`memory ${role}, MiB more`, peak - before]),
      );
      return figures;
    },
    verify: ({ check }) => check.finish(),
    async tearDown({ gate, run }) {
      gate.close();
      await run.close();
    },
  });
}
