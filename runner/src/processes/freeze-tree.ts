// Halting and waking a whole tree. New processes may appear while its members are halted one after the other, so both
// look again until a look finds nothing more to do.

import type { ProcessRow } from "./process-table.ts";
import { signalProcess } from "./send-signal.ts";

/** Looks in one go: how often new processes may appear before it is given up on. */
const maxLooks = 16;

/** Whoever knows a tree's members. */
export interface Looking {
  look(): readonly ProcessRow[];
}

/** Halts all members until no new one appears, so that none can fork away; the members there are. */
export function freezeTree(tree: Looking, seen: readonly ProcessRow[] = tree.look()): readonly ProcessRow[] {
  const frozen = new Set<number>();
  let members = seen;
  for (let looks = 0; looks < maxLooks; looks++) {
    const fresh = members.filter((member) => !frozen.has(member.pid));
    if (fresh.length === 0) break;
    for (const member of fresh) {
      frozen.add(member.pid);
      signalProcess(member, "SIGSTOP");
    }
    members = tree.look();
  }
  return members;
}

/** Lets all members go on. */
export function wakeTree(tree: Looking): void {
  for (let looks = 0; looks < maxLooks; looks++) {
    const halted = tree.look().filter((member) => member.halted);
    if (halted.length === 0) return;
    wake(halted);
  }
}

/** A halted process takes a signal only once it goes on. */
export function wake(members: readonly ProcessRow[]): void {
  for (const member of members) if (member.halted) signalProcess(member, "SIGCONT");
}
