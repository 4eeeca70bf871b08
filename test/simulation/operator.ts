// Asks for starts and stops, asks again under the same id as a caller does who got no answer, and forgets answers.

import type { ObjectHost } from "./object-host.ts";
import { clock, type Owner } from "./platform/clock.ts";
import { between, chance, hex, pick, whole } from "./platform/random.ts";

interface Asked {
  readonly id: string;
  readonly operation: object;
}

export class Operator {
  readonly owner: Owner = { name: "operator", isAlive: true };
  readonly #object: ObjectHost;
  readonly #asked: Asked[] = [];

  constructor(object: ObjectHost) {
    this.#object = object;
    this.#ask();
  }

  #ask(): void {
    const again = chance(0.4) ? pick(this.#asked) : undefined;
    const asked = again ?? { id: hex(16), operation: chance(0.75) ? start() : stop() };
    if (again === undefined) this.#asked.push(asked);
    this.#object.call((machine) => {
      const submission = { ...asked, actor, requestHash: "hash", waitMs: 5000 };
      // What became of it is read in the log; the object may be gone before it answers.
      void machine.submit(submission).catch(() => {});
    });
    clock.after(this.owner, between(50, 3000), () => this.#ask());
  }

  close(): void {
    this.owner.isAlive = false;
  }
}

const actor = { kind: "operator", token_id: "simulated" };

function start(): object {
  const name = chance(0.3) ? { name: `web${whole(1, 2)}` } : {};
  return { op: "start", request: { command: "prints", tty: chance(0.4), ...name } };
}

function stop(): object {
  return { op: "stop", process: `p${whole(1, 4)}`, signal: "SIGINT", grace_ms: 1000 };
}
