/** Quantiles of a few measured values. Pure. */

/** The value that `fraction` of the values do not exceed (nearest rank); NaN without values. */
export function pickQuantile(values: readonly number[], fraction: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * fraction) - 1)] ?? Number.NaN;
}
