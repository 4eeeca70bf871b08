// The thread that simulates: runs seeds one after the other and says what each came to.

import { parentPort, workerData } from "node:worker_threads";
import { onUnhandled, simulate } from "./simulate.ts";

process.on("unhandledRejection", onUnhandled).on("uncaughtException", onUnhandled);

const { first, count, step } = workerData as { first: number; count: number; step: number };
try {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  for (let at = 0; at < count; at++) parentPort?.postMessage(await simulate(first + at * step));
} catch (error) {
  // What fails in the simulation itself is none of the programs' failures.
  process.removeAllListeners("unhandledRejection").removeAllListeners("uncaughtException");
  throw error;
}
