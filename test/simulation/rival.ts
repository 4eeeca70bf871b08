// A second runner with the machine's token: takes the link over, tells of losses of its own, and goes away again.

import type { SpoolId } from "@longwire/shared/ids.ts";
import { joinFrame } from "@longwire/shared/frame.ts";
import type { Fact } from "@longwire/shared/wire/facts.ts";
import { clock, type Owner } from "./platform/clock.ts";
import { network, type Connection } from "./platform/network.ts";
import { between, hex, whole } from "./platform/random.ts";
import type { History } from "./history.ts";

export class Rival {
  readonly #owner: Owner = { name: "rival", isAlive: true };
  readonly #spool = hex(16) as SpoolId;
  readonly #connection: Connection;
  #record = 1;
  #batch = 1;

  constructor(history: History) {
    this.#connection = network.connect(this.#owner, "/link", {
      onOpen: () => this.#hello(history.toldHead),
      onText: (text) => {
        const frame = JSON.parse(text) as { type: string };
        if (frame.type === "welcome" || frame.type === "ack")
          clock.after(this.#owner, between(5, 200), () => this.#tell());
      },
      onClose: () => (this.#owner.isAlive = false),
    });
    clock.after(this.#owner, between(200, 3000), () => {
      this.#connection.drop();
      this.#owner.isAlive = false;
    });
  }

  #hello(lastSeq: number): void {
    const hello = {
      type: "hello",
      protocol: 1,
      boot: "rival",
      runner_version: "1",
      os: "linux",
      arch: "x64",
      policy_mode: "open",
      capabilities: { tty: false, subreaper: false },
      last_seq: lastSeq,
      spools: [{ id: this.#spool, first: 1, next: 1 }],
      runs: [],
    };
    this.#connection.send(JSON.stringify(hello));
  }

  #tell(): void {
    const count = whole(1, 5);
    const facts: Fact[] = Array.from({ length: count }, () => ({ type: "loss", at: Date.now(), reason: "rival" }));
    const last = this.#record + count - 1;
    const part = {
      spool: this.#spool,
      from_record: this.#record,
      count,
      check_before: this.#record - 1,
      check_last: last,
    };
    const header = JSON.stringify({ batch: this.#batch++, parts: [part], facts });
    this.#connection.send(joinFrame(Buffer.from(header), []));
    this.#record += count;
  }
}
