// After a run's processes are gone: how long its output may still come.

import { setTimeout as sleep } from "node:timers/promises";
import type { Output } from "./run-child.ts";

const stepMs = 20;

/** Resolves when the output ended, or was waited for during `waitMs` in which it was read. */
export async function drain(output: Output, waitMs: number): Promise<void> {
  let ended = false;
  const end = output.ended.then(() => {
    ended = true;
  });
  let before = performance.now();
  for (let waited = 0; !ended && waited < waitMs;) {
    await Promise.race([end, sleep(stepMs)]);
    const now = performance.now();
    if (!output.paused) waited += now - before;
    before = now;
  }
}
