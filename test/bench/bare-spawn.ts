/** A bare spawn as a subject: this process starts the children and reads their pipes, nothing in between. */
import { createPipedRun } from "./piped-run.ts";
import type { Subject } from "./subject.ts";

/** `node:child_process`, as a script uses it. */
export function createBareSpawn(): Subject {
  return {
    name: "spawn",
    start: async () => undefined,
    begin: async (jobs) => createPipedRun(jobs, (argv) => argv),
    pids: () => [],
    stop: async () => undefined,
  };
}
