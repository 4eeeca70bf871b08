// Raises faults one after the other and prints a row of a table for each.

import type { Fault, FaultReport } from "../faults/fault.ts";

export interface Row extends FaultReport {
  readonly fault: string;
  readonly title: string;
  readonly count: number;
  readonly unit: string;
  readonly seed: number;
  readonly seconds: number;
  readonly passed: boolean;
}

/** `count` stands in for the whole count where it is given. */
export async function raiseInTurn(faults: readonly Fault[], seed: number, count?: number): Promise<Row[]> {
  process.stdout.write("| fault | count | seed | seconds | result | figures |\n|---|---|---|---|---|---|\n");
  const rows: Row[] = [];
  for (const fault of faults) {
    const row = await raiseOne(fault, seed, count ?? fault.whole);
    rows.push(row);
    const result = row.passed ? "passed" : [...row.wrongs, ...row.late].join("; ");
    const figures = Object.entries(row.figures).map(([name, value]) => `${name} ${value}`);
    const cells = [
      `${row.fault} ${row.title}`,
      `${row.count} ${row.unit}`,
      seed,
      row.seconds,
      result,
      figures.join(", "),
    ];
    process.stdout.write(`| ${cells.join(" | ")} |\n`);
  }
  return rows;
}

async function raiseOne({ id, title, unit, raise }: Fault, seed: number, count: number): Promise<Row> {
  const startedAt = performance.now();
  const report = await raise({ count, seed }).catch((error: unknown): FaultReport => {
    return { wrongs: [error instanceof Error ? error.message : String(error)], late: [], figures: {} };
  });
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  const passed = report.wrongs.length === 0 && report.late.length === 0;
  return { fault: id, title, count, unit, seed, seconds, passed, ...report };
}
