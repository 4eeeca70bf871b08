// A reader of the event socket: resumes by its cursor after every cut, acknowledges when it likes, and holds what it
// gets against what was ever stored.

import { viewerCreditBytes } from "@longwire/shared/limits.ts";
import { readExpired } from "@longwire/shared/expired-frame.ts";
import { clock, type Owner } from "./platform/clock.ts";
import { network, type Connection } from "./platform/network.ts";
import { between, chance } from "./platform/random.ts";
import type { History } from "./history.ts";

const maxEventText = 120_000;

export class Viewer {
  readonly owner: Owner = { name: "viewer", isAlive: true };
  readonly #history: History;
  readonly #isSlow: boolean;
  #connection: Connection | null = null;
  #cursor = 0;
  #acked = 0;
  /** Sizes of events since the last acknowledgement, by seq. */
  #unacked: { readonly seq: number; readonly bytes: number }[] = [];

  constructor(history: History, isSlow: boolean) {
    this.#history = history;
    this.#isSlow = isSlow;
    this.#dial();
    clock.after(this.owner, 100, () => this.#ack(), 200);
  }

  get cursor(): number {
    return this.#cursor;
  }

  cut(): void {
    this.#connection?.cut();
  }

  /** Acknowledges at once from now on. */
  hurry(): void {
    this.#patience = 1;
  }

  #patience = 0;

  #dial(): void {
    this.#unacked = [];
    const from = this.#cursor;
    this.#connection = network.connect(this.owner, `/events?after=${from}`, {
      onOpen: () => {},
      onText: (text) => this.#take(text),
      onClose: () => {
        this.#connection = null;
        clock.after(this.owner, between(20, 1500), () => this.#dial());
      },
    });
  }

  #take(text: string): void {
    const expired = readExpired(text);
    if (expired !== null) {
      if (expired.from_seq !== this.#cursor + 1)
        this.#fault(`told that ${expired.from_seq} expired at ${this.#cursor}`);
      this.#cursor = expired.to_seq;
      return;
    }
    const { seq, type, from_seq: from, to_seq: to } = JSON.parse(text) as Record<string, unknown> & { seq: number };
    // A hole is explained by the event behind it.
    const isHole = type === "gap" && to === seq - 1 && typeof from === "number" && from <= this.#cursor + 1;
    if (seq !== this.#cursor + 1 && !(isHole && seq > this.#cursor)) {
      this.#fault(
        seq <= this.#cursor ? `got ${seq} again, behind ${this.#cursor}` : `got ${seq} after ${this.#cursor}`,
      );
    }
    this.#cursor = seq;
    const fault = this.#history.compare(seq, text);
    if (fault !== null) this.#fault(fault);
    this.#unacked.push({ seq, bytes: text.length });
    const queued = this.#unacked.reduce((sum, one) => sum + one.bytes, 0);
    if (queued > viewerCreditBytes + maxEventText) this.#fault(`was sent ${queued} bytes beyond its credit`);
  }

  #ack(): void {
    if (
      this.#connection === null ||
      this.#unacked.length === 0 ||
      (this.#isSlow && this.#patience === 0 && chance(0.97))
    )
      return;
    if (!this.#connection.send(JSON.stringify({ ack: this.#cursor }))) return;
    this.#acked = this.#cursor;
    this.#unacked = this.#unacked.filter((one) => one.seq > this.#acked);
  }

  #fault(text: string): void {
    this.#history.faults.push(`a viewer ${text}`);
  }
}
