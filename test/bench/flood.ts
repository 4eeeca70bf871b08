/**
 * The flood scenario: children that print numbered 100-byte lines as fast as they can, all let go at the same moment.
 * The clock runs from the moment all of them print to the last byte seen by the viewer.
 */
import process from "node:process";
import { fileURLToPath } from "node:url";

import { LINE_BYTES } from "./children/line.ts";
import { startGate } from "./gate.ts";
import { type Figure, runJobs, type Scenario } from "./measurement.ts";
import { addFaults, isFaultless } from "./order.ts";
import type { Argv } from "./subject.ts";
import { createLineCheck } from "./verify.ts";

const CHILD = fileURLToPath(new URL("children/flood.ts", import.meta.url));

/** A flood by this many children of this many lines each. */
export function createFlood(name: string, figure: Figure, children: number, lines: number): Scenario {
  return {
    name,
    async measure(subject) {
      const gate = await startGate(children);
      const jobs = Array.from({ length: children }, (_, job): Argv => {
        return [process.execPath, CHILD, String(job), String(lines), String(gate.port)];
      });
      const checks = jobs.map((_, job) => createLineCheck(job, lines));
      let lastSeenNs = 0n;
      const trouble = await runJobs(subject, jobs, (job, bytes) => {
        lastSeenNs = process.hrtime.bigint();
        checks[job]?.take(bytes);
      });
      gate.close();
      const faults = addFaults(checks.map((check) => check.finish()));
      const begins = checks.map((check) => check.firstPrintNs()).filter((time) => time !== null);
      if (begins.length < children || !isFaultless(faults)) return { figures: {}, faults, trouble };
      const allPrintNs = begins.reduce((latest, time) => (time > latest ? time : latest));
      const seconds = Number(lastSeenNs - allPrintNs) / 1e9;
      return { figures: { [figure]: (children * lines * LINE_BYTES) / 1e6 / seconds }, faults, trouble };
    },
  };
}
