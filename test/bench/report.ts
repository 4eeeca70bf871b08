/** Medians and the text of a report. Pure. */
import type { Measurement } from "./measurement.ts";
import { isFaultless } from "./order.ts";
import { pickQuantile } from "./quantile.ts";

/** One measurement and where it belongs. Rounds count from 1. */
export interface Entry extends Measurement {
  readonly round: number;
  readonly case: string;
  readonly variant: string;
  readonly subject: string;
}

/** A figure's median over the rounds of one subject; `ratio` is that to the floor's, null without a floor, or where that is 0. */
export interface Median {
  readonly figure: string;
  readonly subject: string;
  readonly value: number;
  readonly ratio: number | null;
}

const FLOOR = "floor";
const SUBJECT_WIDTH = 17;

/** The line printed when a measurement is done. */
export function describeEntry(entry: Entry): string {
  const { lost, doubled, disordered, garbled } = entry.faults;
  const parts = Object.entries(entry.figures).map(([figure, value]) => `${figure} ${value.toFixed(2)}`);
  if (!isFaultless(entry.faults)) {
    parts.push(`LINES lost ${lost}, doubled ${doubled}, disordered ${disordered}, garbled ${garbled}`);
  }
  if (entry.trouble !== null) parts.push(`BROKE OFF: ${entry.trouble}`);
  const what = `${entry.case} ${entry.variant}`.padEnd(34);
  return `round ${entry.round}  ${what}${entry.subject.padEnd(SUBJECT_WIDTH)}${parts.join("  ")}`;
}

/** Medians of all figures and subjects that have any, figures in the order they came. */
export function findMedians(entries: readonly Entry[]): Median[] {
  const subjects = [...new Set(entries.map((entry) => entry.subject))];
  const figures = [...new Set(entries.flatMap((entry) => Object.keys(entry.figures)))];
  return figures.flatMap((figure) => {
    const floor = findMedian(entries, figure, FLOOR);
    return subjects.flatMap((subject): Median[] => {
      const value = findMedian(entries, figure, subject);
      if (Number.isNaN(value)) return [];
      return [{ figure, subject, value, ratio: floor > 0 ? value / floor : null }];
    });
  });
}

/** The table at the end. */
export function describeMedians(medians: readonly Median[]): string {
  const width = Math.max(...medians.map(({ figure }) => figure.length)) + 2;
  const rows = medians.map(({ figure, subject, value, ratio }) => {
    const toFloor = ratio === null ? "" : `${ratio.toFixed(2)} × floor`;
    return `${figure.padEnd(width)}${subject.padEnd(SUBJECT_WIDTH)}${value.toFixed(2).padStart(9)}  ${toFloor}`.trimEnd();
  });
  return ["medians", ...rows].join("\n");
}

function findMedian(entries: readonly Entry[], figure: string, subject: string): number {
  const values = entries.filter((entry) => entry.subject === subject).map((entry) => entry.figures[figure]);
  return pickQuantile(
    values.filter((value) => value !== undefined),
    0.5,
  );
}
