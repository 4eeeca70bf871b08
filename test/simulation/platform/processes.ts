// Which programs live on the simulated machine: pids, boots, and how a run is swept up. Stands in for the files that
// ask the system for this.

import type { ProcessIdentity } from "@longwire/shared/node/process-identity.ts";
import { clock, type Owner } from "./clock.ts";

let lastPid = 0;
let boot = 1;
const pids = new Map<number, Owner>();

export const processes = {
  reset(): void {
    lastPid = 0;
    boot = 1;
    pids.clear();
  },
  restart(): void {
    boot++;
    pids.clear();
  },
  add(owner: Owner): number {
    pids.set(++lastPid, owner);
    return lastPid;
  },
};

export function ownIdentity(): ProcessIdentity {
  const pid = [...pids].find(([, owner]) => owner === clock.current)?.[0] ?? 0;
  return { pid, started: String(boot) };
}

export function isAlive({ pid, started }: ProcessIdentity): boolean {
  return started === String(boot) && pids.get(pid)?.isAlive === true;
}

export const identify = (): null => null;
export const readBootId = (): string => `boot-${boot}`;

/** A lost run's processes end at once here. */
export class ProcessTree {
  readonly root = null;
}
export const endTree = (): Promise<never[]> => Promise.resolve([]);

/** Nobody asks how a simulated machine does. */
export class MachineMetrics {
  close(): void {}
}

/** One runner at a time uses the folder: the simulation starts no second one on it. */
export const takeDataLock = (): Promise<{ release: () => void }> => Promise.resolve({ release: () => {} });
