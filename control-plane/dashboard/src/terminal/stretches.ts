// Any stretch of a run's output that is printed: from the log by the terminal's own socket, or, where the log let go of the
// run's end, what is kept of it.

import type { Client } from "@longwire/shared/client/client.ts";
import type { OutputStep } from "@longwire/shared/client/output-place.ts";
import type { DrawnStep } from "./loaded-output.ts";
import { readKept } from "./read-kept.ts";

export interface StretchesOf {
  readonly client: Client;
  readonly process: string;
  readonly run: number;
  /** From the log. */
  readonly read: (from: number, to: number) => Promise<readonly OutputStep[]>;
}

export class Stretches {
  readonly #of: StretchesOf;
  /** Whether only what is kept is left of the run's end. */
  isKept = false;

  constructor(of: StretchesOf) {
    this.#of = of;
  }

  /** How much the run has printed by now. */
  async printed(): Promise<number> {
    const { client, process, run } = this.#of;
    const latest = await client.process(process);
    if (latest.run === run) return latest.output_bytes;
    const { items } = await client.runs(process, { limit: 1, cursor: run + 1 });
    return items.find((one) => one.run === run)?.output_bytes ?? 0;
  }

  async read(from: number, to: number): Promise<readonly DrawnStep[]> {
    const { client, process, run, read } = this.#of;
    if (this.isKept) return await readKept(client, { process, run, from, to });
    return (await read(from, to)).filter((step) => step.type !== "end");
  }
}
