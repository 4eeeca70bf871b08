/**
 * Start: from asking for a small program to the first byte of its output, with a viewer that is there already. One after
 * the other; a bare spawn from a script is what the same program takes without anything in between.
 */
import { type Case, defineCase } from "../case.ts";
import { noFaults, type Faults } from "../order.ts";
import { pickQuantile } from "../quantile.ts";
import type { Argv, Subject } from "../subject.ts";

const TEXT = "first output";
const PROGRAM: Argv = ["/bin/echo", TEXT];

interface State {
  readonly subject: Subject;
  readonly outputs: string[];
}

/** This many starts. */
export function createStart(starts: number): Case {
  return defineCase<Subject, State>({
    name: "start",
    // The floor dials for each run, which is no part of a start.
    fits: (subject): subject is Subject => subject.name !== "floor",
    setUp: async (subject) => ({ subject, outputs: [] }),
    async measure({ subject, outputs }) {
      const firstMs: number[] = [];
      for (let count = 0; count < starts; count++) {
        const run = await subject.begin([PROGRAM]);
        let output = "";
        let firstAt = Number.NaN;
        const viewer = await run.follow((_, bytes) => {
          if (output === "") firstAt = performance.now();
          output += Buffer.from(bytes).toString();
        });
        const askedAt = performance.now();
        await run.ask();
        await viewer.complete;
        viewer.close();
        await run.close();
        outputs.push(output);
        firstMs.push(firstAt - askedAt);
      }
      return { "start p50, ms": pickQuantile(firstMs, 0.5), "start p95, ms": pickQuantile(firstMs, 0.95) };
    },
    verify({ outputs }): Faults {
      const lost = starts - outputs.filter((output) => output !== "").length;
      const garbled = outputs.filter((output) => output !== "" && output !== `${TEXT}\n`).length;
      return { ...noFaults, lost, garbled };
    },
    tearDown: async () => undefined,
  });
}
