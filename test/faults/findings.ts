// What a fault did, gathered while it is raised.

import type { FaultReport } from "./fault.ts";

export class Findings implements FaultReport {
  readonly wrongs: string[] = [];
  readonly late: string[] = [];
  readonly figures: Record<string, number> = {};

  /** Notes `wrong` unless `holds`. */
  check(holds: boolean, wrong: string): void {
    if (!holds) this.wrongs.push(wrong);
  }

  /** Notes a measured figure; one above `most` is told as late. */
  measure(name: string, value: number, most = Infinity): void {
    this.figures[name] = Math.round(value * 10) / 10;
    if (!(value <= most)) this.late.push(`${name} ${this.figures[name]} > ${most}`);
  }
}
