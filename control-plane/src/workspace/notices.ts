// What machines still have to be told: that a token is revoked, so that they close what is open with it, or that the
// machine is removed. Written with the change itself and kept until the machine's object has heard it, so that no crash in between leaves a socket open.

import { backoffMs } from "@longwire/shared/backoff.ts";
import { readMachineId, toHex } from "@longwire/shared/token.ts";
import type { Env } from "../env.ts";

/** How long a caller waits for the machines to have heard it; the rest is told behind its back. */
const waitMs = 2000;
/** When it is looked after again should this object end meanwhile. */
const againMs = 2000;

/** Stands in the place of a token. */
const removal = "";

export class Notices {
  readonly #storage: DurableObjectStorage;
  readonly #env: Env;
  #failures = 0;

  constructor(storage: DurableObjectStorage, env: Env) {
    this.#storage = storage;
    this.#env = env;
  }

  /** To be called in the turn of the change. */
  add(machines: readonly string[], token: string, now: number): void {
    for (const machine of machines) {
      this.#storage.sql.exec(`INSERT OR IGNORE INTO notices (machine, token) VALUES (?, ?)`, machine, token);
    }
    if (machines.length > 0) void this.#storage.setAlarm(now + againMs);
  }

  /** The machine's object is to forget all it knows. To be called in the turn of the change. */
  addRemoval(machine: string, now: number): void {
    this.#storage.sql.exec(`DELETE FROM notices WHERE machine = ?`, machine);
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
    for (const { machine, token } of this.#storage.sql
      .exec<{ machine: string; token: string }>(`SELECT machine, token FROM notices`)
      .toArray()) {
      waiting.set(machine, [...(waiting.get(machine) ?? []), token]);
    }
    await Promise.all([...waiting].map(([machine, tokens]) => this.#tell(machine, tokens)));
  }

  async #tell(machine: string, tokens: readonly string[]): Promise<void> {
    try {
      const { MACHINES } = this.#env;
      const object = MACHINES.get(MACHINES.idFromString(toHex(readMachineId(machine) ?? new Uint8Array())));
      await (tokens.includes(removal) ? object.remove() : object.revoke(tokens));
      this.#failures = 0;
      for (const token of tokens) {
        this.#storage.sql.exec(`DELETE FROM notices WHERE machine = ? AND token = ?`, machine, token);
      }
    } catch (error) {
      // An object that is being reset hears it a moment later.
      console.error("a machine could not be told of a revoked token", error);
      void this.#storage.setAlarm(Date.now() + backoffMs(this.#failures++, Math.random()));
    }
  }
}
