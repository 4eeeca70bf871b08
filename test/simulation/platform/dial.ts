// Stands in for the runner's dial: the same contract, over the simulated network.

import type { Dialled, DialOptions } from "@longwire/runner/src/link/dial.ts";
import { backoffMs } from "@longwire/shared/backoff.ts";
import { closeCodes } from "@longwire/shared/errors.ts";
import { clock } from "./clock.ts";
import { network, type Connection } from "./network.ts";
import { random } from "./random.ts";

const steadyMs = 5000;

export function dial(options: DialOptions): Dialled {
  const owner = clock.current;
  let connection: Connection | null = null;
  let isClosed = false;
  let failures = -1;
  let openedAt: number | null = null;

  function attempt(): void {
    const wait = failures < 0 ? 0 : backoffMs(failures, random());
    clock.after(owner, wait, () => {
      if (isClosed) return;
      connection = network.connect(owner, "/link", {
        onOpen: () => {
          openedAt = clock.now;
          options.onOpen();
        },
        onText: options.onText,
        onClose: down,
      });
    });
  }

  function down(code: number, reason: string): void {
    connection = null;
    const wasSteady = openedAt !== null && clock.now - openedAt > steadyMs;
    failures = wasSteady ? 0 : failures + 1;
    openedAt = null;
    const final = code === closeCodes.replaced || code === closeCodes.unauthorized || code === closeCodes.upgrade;
    options.onDown({ code, reason, final });
    if (!final && !isClosed) attempt();
  }

  attempt();
  return {
    send: (data) => connection !== null && connection.send(data),
    redial: (reason) => {
      network.noteRedial(reason);
      connection?.leave(reason);
    },
    close: () => {
      isClosed = true;
      connection?.leave("done");
    },
  };
}
