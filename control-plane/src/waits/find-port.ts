// The port a run's tree listens on, asked of its runner a few seconds at a time: so an answer that is lost with a
// connection or with the object costs that time and no more, and whoever stops asking is forgotten as soon.

import { backoffMs } from "@longwire/shared/backoff.ts";
import { processIdSchema } from "@longwire/shared/ids.ts";
import type { Machine } from "../machine/machine.ts";
import { pause } from "./run-inputs.ts";

export interface PortSearch {
  readonly machine: DurableObjectStub<Machine>;
  /** The process's id. */
  readonly process: string;
  readonly run: number;
  /** Null where each of the tree's counts. */
  readonly port: number | null;
  readonly signal: AbortSignal;
}

const sliceMs = 5000;

/** Resolves with the port; with null once the signal aborts. */
export async function findPort({ machine, process, run, port, signal }: PortSearch): Promise<number | null> {
  const of = { process: processIdSchema.parse(process), run, ...(port === null ? {} : { port }) };
  while (!signal.aborted) {
    // What throws here is an object that is being reset.
    const answered = await machine.ask({ type: "await_port", ...of, wait_ms: sliceMs }).catch(() => null);
    const answer = answered?.type === "answered" ? answered.answer : null;
    if (answer?.type === "port" && answer.port !== null) return answer.port;
    // A run that is not there yet, or any more, is answered at once; its end is told by its events.
    await pause(backoffMs(0, Math.random()), signal);
  }
  return null;
}
