// Waits for a run that was launched to begin, and gives up on a shim that does not.

import { setTimeout as sleep } from "node:timers/promises";
import type { FollowedRun } from "./followed-run.ts";

/** A shim that has not claimed its run by then is given up. It needs about 30 ms. */
const shimStartMs = 5000;

/** Whether anything is told of the run, as soon as it has begun or cannot begin any more. */
export async function awaitBeginning(run: FollowedRun): Promise<boolean> {
  const patience = new AbortController();
  const late = sleep(shimStartMs, "late", { signal: patience.signal, ref: false }).catch(() => "late");
  const first = await Promise.race([run.begun, late]);
  patience.abort();
  if (first === "late") run.cancel();
  const began = await run.begun;
  // A run whose first record is stored exists, in state failed at worst; nobody else would say what became of it.
  return began || run.hasTold;
}
