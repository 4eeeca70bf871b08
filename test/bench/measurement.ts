/**
 * What one scenario with one subject yields, and the running of its jobs with patience: a run in which nothing comes any
 * more is over, and what is missing of it is lost.
 */
import type { Faults } from "./order.ts";
import type { Argv, OnChunk, Subject } from "./subject.ts";

/** A figure's name, with its unit. Milliseconds are better small, MB/s (10⁶ bytes) are better large. */
export type Figure = "latency p50, ms" | "latency p99, ms" | "flood ×1, MB/s" | "flood ×20, MB/s";

/** One scenario, one subject, one round. Without figures where they would mean nothing. */
export interface Measurement {
  readonly figures: Partial<Readonly<Record<Figure, number>>>;
  readonly faults: Faults;
  /** Why the run broke off, or null; the subject must be started anew after it. */
  readonly trouble: string | null;
}

/** One way of measuring. */
export interface Scenario {
  readonly name: string;
  measure(subject: Subject): Promise<Measurement>;
}

const PATIENCE_MS = 60_000;

/** Runs the jobs; returns why they broke off, or null. */
export async function runJobs(subject: Subject, jobs: readonly Argv[], onChunk: OnChunk): Promise<string | null> {
  let timer: NodeJS.Timeout | undefined;
  const stall = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`nothing came for ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  const run = subject.run(jobs, (job, bytes) => {
    timer?.refresh();
    onChunk(job, bytes);
  });
  try {
    await Promise.race([run, stall]);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
