/** Reads what flooding children print: whether every line came, and how fast. */
import process from "node:process";
import { fileURLToPath } from "node:url";

import { LINE_BYTES } from "./children/line.ts";
import { addFaults, type Faults } from "./order.ts";
import type { Argv, OnChunk } from "./subject.ts";
import { createLineCheck } from "./verify.ts";

const CHILD = fileURLToPath(new URL("children/flood.ts", import.meta.url));

/** The child that prints these lines once the gate lets it, and ends, or lives on in silence. */
export function floodingChild(job: number, lines: number, gatePort: number, then: "end" | "stay" = "end"): Argv {
  return [process.execPath, CHILD, String(job), String(lines), String(gatePort), then];
}

/** The reader of one viewer of jobs 0 to n-1. */
export interface FloodCheck {
  readonly take: OnChunk;
  /** Seconds from the moment all jobs print to the last byte seen. */
  seconds(): number;
  /** The clock at the last byte seen. */
  lastSeenNs(): bigint;
  /** Bytes seen, as long as all of them were the expected ones. */
  goodBytes(): number;
  finish(): Faults;
  /** What is wrong so far, where the output may end anywhere. */
  finishCut(): Faults;
}

/** Expects this many lines of each of this many jobs. */
export function createFloodCheck(jobs: number, lines: number): FloodCheck {
  const checks = Array.from({ length: jobs }, (_, job) => createLineCheck(job, lines));
  let lastSeenNs = 0n;
  return {
    take(job, bytes) {
      lastSeenNs = process.hrtime.bigint();
      checks[job]?.take(bytes);
    },
    seconds() {
      const begins = checks.map((check) => check.firstPrintNs());
      const allPrintNs = begins.reduce((latest, time) =>
        time !== null && latest !== null && time > latest ? time : latest,
      );
      return allPrintNs === null ? Number.NaN : Number(lastSeenNs - allPrintNs) / 1e9;
    },
    lastSeenNs: () => lastSeenNs,
    goodBytes: () => checks.reduce((sum, check) => sum + check.goodBytes(), 0),
    finish: () => addFaults(checks.map((check) => check.finish())),
    finishCut: () => addFaults(checks.map((check) => check.finishCut())),
  };
}

/** 10⁶ bytes a second. */
export function megabytesPerSecond(lines: number, seconds: number): number {
  return (lines * LINE_BYTES) / 1e6 / seconds;
}
