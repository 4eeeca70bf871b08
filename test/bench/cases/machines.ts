/**
 * Cost as it grows: machines that are connected and do nothing, more and more of them. How long one more takes until it
 * is served; and, once all are quiet, what each costs the process that holds the objects in resident memory and time of a
 * processor. The floor's machines are bare sockets to objects of their own.
 */
import { setTimeout as delay } from "node:timers/promises";

import { type Case, defineCase } from "../case.ts";
import { noFaults } from "../order.ts";
import { pickQuantile } from "../quantile.ts";
import { type IdleMachine, isStoring, type StoringSubject } from "../subject.ts";
import { pidsOf, processorMs, residentMib } from "../usage.ts";

interface State {
  readonly subject: StoringSubject;
  readonly machines: IdleMachine[];
}

/** Up to each of these counts in turn. The objects sleep after 10 s, so quiet begins `settleMs` after the last came. */
export function createMachines(counts: readonly number[], settleMs: number, quietMs: number): Case {
  return defineCase<StoringSubject, State>({
    name: "machines",
    maxRounds: 1,
    isFresh: true,
    patienceMs: 300_000,
    fits: isStoring,
    setUp: async (subject) => ({ subject, machines: [] }),
    async measure({ subject, machines }) {
      const pids = pidsOf(subject, "workerd");
      const before = residentMib(pids);
      const figures: Record<string, number> = {};
      for (const count of counts) {
        const welcomes: number[] = [];
        while (machines.length < count) {
          const machine = await subject.connectMachine();
          machines.push(machine);
          welcomes.push(machine.welcomeMs);
        }
        await delay(settleMs);
        const memory = residentMib(pids);
        const beganMs = processorMs(pids);
        const beganAt = performance.now();
        await delay(quietMs);
        const share = (processorMs(pids) - beganMs) / (performance.now() - beganAt);
        figures[`${count} machines, welcome p50, ms`] = pickQuantile(welcomes, 0.5);
        figures[`${count} machines, welcome p99, ms`] = pickQuantile(welcomes, 0.99);
        figures[`${count} machines, KiB each`] = ((memory - before) * 1024) / count;
        figures[`${count} machines, µs/s each`] = (share * 1e6) / count;
      }
      return figures;
    },
    verify: ({ machines }) => ({ ...noFaults, lost: machines.filter((machine) => !machine.isConnected()).length }),
    async tearDown({ machines }) {
      for (const machine of machines) machine.close();
    },
  });
}
