/** Medians and the text of a report. Pure. */
import type { Figure, Measurement } from "./measurement.ts";
import { isFaultless } from "./order.ts";
import { pickQuantile } from "./quantile.ts";

/** One measurement and where it belongs. Rounds count from 1. */
export interface Entry extends Measurement {
  readonly round: number;
  readonly scenario: string;
  readonly subject: string;
}

/** A figure's median over the rounds of one subject; `ratio` is that to the floor's, null without a floor. */
export interface Median {
  readonly figure: Figure;
  readonly subject: string;
  readonly value: number;
  readonly ratio: number | null;
}

const FLOOR = "floor";
const FIGURES: readonly Figure[] = ["latency p50, ms", "latency p99, ms", "flood ×1, MB/s", "flood ×20, MB/s"];

/** The line printed when a measurement is done. */
export function describeEntry(entry: Entry): string {
  const { lost, doubled, disordered, garbled } = entry.faults;
  const parts = FIGURES.flatMap((figure) => {
    const value = entry.figures[figure];
    return value === undefined ? [] : [`${figure} ${value.toFixed(2)}`];
  });
  if (!isFaultless(entry.faults)) {
    parts.push(`LINES lost ${lost}, doubled ${doubled}, disordered ${disordered}, garbled ${garbled}`);
  }
  if (entry.trouble !== null) parts.push(`BROKE OFF: ${entry.trouble}`);
  return `round ${entry.round}  ${entry.scenario.padEnd(10)}${entry.subject.padEnd(10)}${parts.join("  ")}`;
}

/** Medians of all figures and subjects that have any, figures in a fixed order. */
export function findMedians(entries: readonly Entry[]): Median[] {
  const subjects = [...new Set(entries.map((entry) => entry.subject))];
  return FIGURES.flatMap((figure) => {
    const floor = findMedian(entries, figure, FLOOR);
    return subjects.flatMap((subject): Median[] => {
      const value = findMedian(entries, figure, subject);
      if (Number.isNaN(value)) return [];
      return [{ figure, subject, value, ratio: Number.isNaN(floor) ? null : value / floor }];
    });
  });
}

/** The table at the end. */
export function describeMedians(medians: readonly Median[]): string {
  const rows = medians.map(({ figure, subject, value, ratio }) => {
    const toFloor = ratio === null ? "" : `${ratio.toFixed(2)} × floor`;
    return `${figure.padEnd(18)}${subject.padEnd(10)}${value.toFixed(2).padStart(9)}  ${toFloor}`.trimEnd();
  });
  return ["medians", ...rows].join("\n");
}

function findMedian(entries: readonly Entry[], figure: Figure, subject: string): number {
  const values = entries.filter((entry) => entry.subject === subject).map((entry) => entry.figures[figure]);
  return pickQuantile(
    values.filter((value) => value !== undefined),
    0.5,
  );
}
