/** Jobs that are children of this process, whose one viewer reads their pipes: what the floor and Longwire do without. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

import type { Argv, OnChunk, StoppableRun } from "./subject.ts";

/** A run of children; `wrap` says what to start for a job. */
export function createPipedRun(jobs: readonly Argv[], wrap: (argv: Argv) => Argv): StoppableRun {
  const children: ChildProcess[] = [];
  const complete = Promise.withResolvers<void>();
  // Whoever does not follow is told nothing.
  complete.promise.catch(() => undefined);
  let handOver: OnChunk = () => undefined;
  return {
    async follow(onChunk) {
      handOver = onChunk;
      return { complete: complete.promise, close: () => undefined };
    },
    async ask() {
      const ends = jobs.map(async (argv, job) => {
        const [file, ...args] = wrap(argv);
        const child = spawn(file, args, { stdio: ["ignore", "pipe", "inherit"] });
        children.push(child);
        child.stdout.on("data", (chunk: Buffer) => handOver(job, chunk));
        const [code, signal] = await once(child, "close");
        if (code !== 0 && signal === null) throw new Error(`${file} ended with ${String(code)}`);
      });
      Promise.all(ends).then(() => complete.resolve(), complete.reject);
    },
    async stop() {
      for (const child of children) child.kill("SIGINT");
      await complete.promise;
    },
    async close() {
      for (const child of children) child.kill("SIGKILL");
    },
  };
}
