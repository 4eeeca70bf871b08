// Simulates many seeds in a thread and hands the reports over as they come.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { Worker } from "node:worker_threads";
import type { SimulationReport } from "./report.ts";

/** The suite simulates seeds 1 to this one, also to find broken builds out. */
export const suiteSeeds = 200;

export interface Seeds {
  readonly first: number;
  readonly count: number;
  /** The distance between two seeds; 1 where none is said. */
  readonly step?: number;
}

/** `onReport`: false ends it. Resolves when it ended. */
export async function runSeeds(
  code: string,
  seeds: Seeds,
  onReport: (report: SimulationReport) => boolean,
): Promise<void> {
  if (seeds.count < 1) return;
  const folder = mkdtempSync(path.join(tmpdir(), "longwire-simulation-"));
  const file = path.join(folder, "simulation.mjs");
  writeFileSync(file, code);
  const worker = new Worker(file, { workerData: { step: 1, ...seeds }, execArgv: ["--no-warnings"] });
  let left = seeds.count;
  try {
    await new Promise<void>((resolve, reject) => {
      worker.on("message", (report: SimulationReport) => {
        left--;
        if (!onReport(report) || left === 0) resolve();
      });
      worker.once("error", reject);
      worker.once("exit", () => reject(new Error(`the simulation ended before its last ${left} seeds`)));
    });
  } finally {
    await worker.terminate();
    rmSync(folder, { recursive: true, force: true });
  }
}
