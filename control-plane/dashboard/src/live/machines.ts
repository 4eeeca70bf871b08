// The machines this page's session reaches, each with its store.

import { computed, signal } from "@preact/signals";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { clientFor } from "../clients.ts";
import { MachineStore } from "./machine-store.ts";

export const stores = signal<readonly MachineStore[]>([]);
/** Null until the list came once. */
export const listFailure = signal<LongwireError | null>(null);
export const isListed = signal(false);

/** Starts that wait for somebody, on all machines. */
export const waitingApprovals = computed(() =>
  stores.value.flatMap((store) => store.approvals.value.map((asked) => ({ store, asked }))),
);

/** The store of a machine named as the address does, by name or id. */
export const findStore = (reference: string): MachineStore | undefined =>
  stores.value.find((store) => store.machine.value.name === reference || store.id === reference);

/** Asks for the list; machines that are gone are let go. Which of them are followed, `followed.ts` says. */
export async function loadMachines(): Promise<void> {
  try {
    const { items } = await clientFor().machines({ limit: 1000 });
    const before = new Map(stores.peek().map((store) => [store.id, store]));
    const after = items.map((machine) => {
      const known = before.get(machine.machine_id);
      known?.tell(machine);
      return known ?? new MachineStore(machine);
    });
    for (const store of before.values()) if (!after.includes(store)) store.unfollow();
    stores.value = after;
    listFailure.value = null;
    isListed.value = true;
  } catch (error) {
    if (!(error instanceof LongwireError)) throw error;
    listFailure.value = error;
  }
}

/** Everything of a session that ended. */
export function leaveMachines(): void {
  for (const store of stores.peek()) store.unfollow();
  stores.value = [];
  isListed.value = false;
}
