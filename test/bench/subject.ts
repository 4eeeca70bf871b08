/**
 * What is measured: something that runs children and brings their output to a remote viewer. The bench process is that
 * viewer for every subject; children, servers and senders are other processes. What the bytes mean is the scenarios' matter.
 */

/** An executable and its arguments. */
export type Argv = readonly [string, ...string[]];

/** Takes a chunk of one job's output, in order; the bytes may be reused after it returns. */
export type OnChunk = (job: number, bytes: Uint8Array) => void;

/** One thing to measure. Whatever it starts, it ends. */
export interface Subject {
  readonly name: string;
  /** Resolves when jobs can be run; set-up is no part of a measurement. */
  start(): Promise<void>;
  /** Runs the jobs at once; resolves when all ended and all their output was handed over. */
  run(jobs: readonly Argv[], onChunk: OnChunk): Promise<void>;
  /** Ends everything and removes its files, also in the middle of a run or a start. Twice is fine. */
  stop(): Promise<void>;
}
