// What one run of the simulation came to.

export interface SimulationReport {
  readonly seed: number;
  /** What went wrong, in words; empty when all is well. */
  readonly faults: readonly string[];
  /** How often each trouble came. */
  readonly troubles: Readonly<Record<string, number>>;
  readonly runs: number;
  readonly events: number;
  readonly bytes: number;
  /** Bytes whose place gaps took. */
  readonly overflowed: number;
}

/** A report in words, with the command that brings it again. */
export function repeatWith({ seed, faults, troubles }: SimulationReport): string {
  const first = faults.slice(0, 5).map((fault) => `  ${fault.slice(0, 600)}`);
  return [
    `seed ${seed}, again with: pnpm soak --simulation 1 --seed ${seed}`,
    ...first,
    `  ${JSON.stringify(troubles)}`,
  ].join("\n");
}
