// What machines still have to be told: that a token is revoked, so that they close what is open with it, that the machine
// is removed, or that its workspace's webhooks changed. Written with the change itself and kept until the machine's object has heard it, so that no crash in between leaves a socket open.

import { backoffMs } from "@longwire/shared/backoff.ts";
import { readMachineId, toHex } from "@longwire/shared/token.ts";
import type { Env } from "../env.ts";
import type { Machine } from "../machine/machine.ts";
import type { OneAlarm } from "../one-alarm.ts";
import type { WebhookOrders } from "../webhooks/orders.ts";

/** How long a caller waits for the machines to have heard it; the rest is told behind its back. */
const waitMs = 2000;
/** When it is looked after again should this object end meanwhile. */
const againMs = 2000;

/** Stand in the place of a token. */
const removal = "";
const webhooksPrefix = "webhooks ";

export interface NoticesParts {
  readonly sql: SqlStorage;
  readonly alarm: OneAlarm;
  readonly env: Env;
  /** What a machine is to know of the webhooks, as it is when it is told. */
  readonly ordersFor: (machine: string) => WebhookOrders;
}

export class Notices {
  readonly #parts: NoticesParts;
  readonly #sql: SqlStorage;
  #failures = 0;

  constructor(parts: NoticesParts) {
    this.#parts = parts;
    this.#sql = parts.sql;
    const waits = this.#sql.exec(`SELECT 1 FROM notices LIMIT 1`).toArray().length > 0;
    if (waits) parts.alarm.wakeAt(Date.now() + againMs);
  }

  /** To be called in the turn of the change. */
  add(machines: readonly string[], token: string, now: number): void {
    for (const machine of machines) {
      this.#sql.exec(`INSERT OR IGNORE INTO notices (machine, token) VALUES (?, ?)`, machine, token);
    }
    if (machines.length > 0) this.#parts.alarm.wakeAt(now + againMs);
  }

  /** The webhooks changed for these machines, and are at `version`. To be called in the turn of the change. */
  addWebhooks(machines: readonly string[], version: number, now: number): void {
    this.add(machines, `${webhooksPrefix}${version}`, now);
  }

  /** The machine's object is to forget all it knows. To be called in the turn of the change. */
  addRemoval(machine: string, now: number): void {
    this.#sql.exec(`DELETE FROM notices WHERE machine = ?`, machine);
    this.add([machine], removal, now);
  }

  /** Tells the machines, and returns once they have heard it or should have. */
  async deliver(): Promise<void> {
    const delivery = this.#tellAll();
    const { promise: timeUp, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, waitMs);
    await Promise.race([delivery, timeUp]);
    clearTimeout(timer);
  }

  async #tellAll(): Promise<void> {
    const waiting = new Map<string, string[]>();
    for (const { machine, token } of this.#sql
      .exec<{ machine: string; token: string }>(`SELECT machine, token FROM notices`)
      .toArray()) {
      waiting.set(machine, [...(waiting.get(machine) ?? []), token]);
    }
    await Promise.all([...waiting].map(([machine, tokens]) => this.#tell(machine, tokens)));
  }

  async #tell(machine: string, tokens: readonly string[]): Promise<void> {
    try {
      const { MACHINES } = this.#parts.env;
      const object = MACHINES.get(MACHINES.idFromString(toHex(readMachineId(machine) ?? new Uint8Array())));
      await this.#say(machine, object, tokens);
      this.#failures = 0;
      for (const token of tokens) {
        this.#sql.exec(`DELETE FROM notices WHERE machine = ? AND token = ?`, machine, token);
      }
    } catch (error) {
      // An object that is being reset hears it a moment later.
      console.error("a machine could not be told of a change", error);
      this.#parts.alarm.wakeAt(Date.now() + backoffMs(this.#failures++, Math.random()));
    }
  }

  async #say(machine: string, object: DurableObjectStub<Machine>, tokens: readonly string[]): Promise<void> {
    if (tokens.includes(removal)) return await object.remove();
    const revoked = tokens.filter((token) => !token.startsWith(webhooksPrefix));
    if (revoked.length > 0) await object.revoke(revoked);
    if (revoked.length < tokens.length) await object.setWebhooks(this.#parts.ordersFor(machine));
  }
}
