import { expect, test } from "vitest";
import { bundleSimulation } from "./bundle.ts";
import { runSeeds, suiteSeeds } from "./run-seeds.ts";
import { repeatWith, type SimulationReport } from "./report.ts";

test("[D1] [D3] [D4] [D5] [D6] [D8] [D16] [D17] [D18] [D19] [D24] [D26] [L1] [L3] [R1] [R2] [R4] [R9] [C3] [P6] [P13] [P15] whatever befalls both ends, the log is the ledger, once and in order, and what is lost is said", async () => {
  const code = await bundleSimulation();
  const reports: SimulationReport[] = [];
  const half = (first: number): Promise<void> =>
    runSeeds(code, { first, count: suiteSeeds / 2, step: 2 }, (report) => reports.push(report) > 0);
  await Promise.all([half(1), half(2)]);
  expect(reports.filter(({ faults }) => faults.length > 0).map(repeatWith)).toEqual([]);
  expect(reports).toHaveLength(suiteSeeds);
  // A simulation in which nothing happens proves nothing.
  expect(reports.reduce((sum, { events }) => sum + events, 0)).toBeGreaterThan(50 * suiteSeeds);
  expect(reports.filter(({ overflowed }) => overflowed > 0).length).toBeGreaterThan(1);
});

test("[D5] a run is the same for the same seed", async () => {
  const code = await bundleSimulation();
  const both: SimulationReport[][] = [[], []];
  for (const reports of both) await runSeeds(code, { first: 7, count: 6 }, (report) => reports.push(report) > 0);
  expect(both[0]).toEqual(both[1]);
});
