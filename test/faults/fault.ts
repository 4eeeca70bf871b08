// What a fault of the catalogue is: something that befalls the whole product so many times, and what it did to it.

export interface FaultOptions {
  /** How often, or for how many seconds; the fault's `unit` says which. */
  readonly count: number;
  /** Whatever is drawn is drawn from this. */
  readonly seed: number;
}

export interface FaultReport {
  /** What was lost, doubled, disordered, leaked or answered wrongly, in words. Empty when all is well. */
  readonly wrongs: readonly string[];
  /** Measured times beyond what the fault allows. Told, and judged by `pnpm soak` alone: a timing is no test. */
  readonly late: readonly string[];
  /** What was counted and measured; times in milliseconds. */
  readonly figures: Readonly<Record<string, number>>;
}

export interface Fault {
  /** As in the catalogue's table: `F6`. */
  readonly id: string;
  readonly title: string;
  /** What `count` counts: `kills`, `seconds`. */
  readonly unit: string;
  /** The count of a test run; at least a tenth of the whole. */
  readonly brief: number;
  readonly whole: number;
  /** Starts what it needs, lets the fault happen, compares, and ends all it started. */
  readonly raise: (options: FaultOptions) => Promise<FaultReport>;
}
