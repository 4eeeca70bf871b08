// Listens to a process that prints the time every 10 ms, and knows how late its words come.

import path from "node:path";
import process from "node:process";
import type { Event } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { pickQuantile } from "../bench/quantile.ts";
import type { Api } from "../support/api.ts";
import { EventSocket } from "../support/event-socket.ts";
import { root } from "../support/product.ts";

const program = path.join(root, "test/fixtures/says-the-time.mjs");
const everyMs = 10;

export class Ears {
  #socket: EventSocket | null = null;
  #begun = "";
  #delaysMs: number[] = [];

  /** Starts the process, which ends with its runner, and listens to it. */
  static async open(server: { readonly url: string; readonly token: string }, api: Api): Promise<Ears> {
    const ears = new Ears();
    const { process_id: id } = await api.start({ argv: ["node", program] });
    ears.#socket = await EventSocket.open(server, `?process=${id}&type=output`, (event) => ears.#hear(event));
    return ears;
  }

  #hear(event: Event): void {
    const now = process.hrtime.bigint();
    const lines = (this.#begun + (event.data ?? "")).split("\n");
    this.#begun = lines.pop() ?? "";
    for (const line of lines) {
      const [, printedAt] = line.split(" ");
      if (printedAt !== undefined) this.#delaysMs.push(Number(now - BigInt(printedAt)) / 1e6);
    }
  }

  /** Resolves after so many words from now on; the delay that 95 of 100 did not exceed, in milliseconds. */
  async hear(words: number): Promise<number> {
    this.#delaysMs = [];
    await waitUntil("it was heard", () => this.#delaysMs.length >= words, words * everyMs + 60_000);
    return this.p95;
  }

  /** Of what was heard since {@link hear} was called. */
  get p95(): number {
    return pickQuantile(this.#delaysMs, 0.95);
  }

  /** Forgets what was heard. */
  clear(): void {
    this.#delaysMs = [];
  }

  close(): void {
    this.#socket?.close();
  }
}
