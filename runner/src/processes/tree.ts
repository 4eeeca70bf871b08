// Which processes belong to a run. No single trace of a process is kept by all of them, so everything counts:
// the root's process group, its session, descent, the marker in the environment, having belonged before, and being
// given to the run's shim when its own parent ended.

import type { ProcessIdentity } from "@longwire/shared/node/process-identity.ts";
import type { ProcessRow } from "./process-table.ts";

/** What is known of a run's processes from before. */
export interface TreeTraces {
  /** The first process, leader of its own group and session; null where it was never seen. */
  readonly root: ProcessIdentity | null;
  /** What every process of the run began with in its environment. */
  readonly marker: string;
  /** Start times of processes that belonged at an earlier look, by pid. */
  readonly remembered: ReadonlyMap<number, string>;
  /** Never members: whoever looks. */
  readonly excluded: ReadonlySet<number>;
  /** The run's shim, all of whose children belong; null where that is gone. */
  readonly shim: number | null;
}

/** The members of the run among `rows` that live; zombies hold nothing and are no members. */
export function findMembers(rows: readonly ProcessRow[], traces: TreeTraces): ProcessRow[] {
  const group = ownGroup(rows, traces.root);
  const members = new Set<number>();
  for (const row of rows) {
    const belongs =
      row.marker === traces.marker ||
      (traces.shim !== null && row.ppid === traces.shim) ||
      (group !== null && (row.pid === group || row.pgid === group || row.sid === group)) ||
      traces.remembered.get(row.pid) === row.started;
    if (belongs && !traces.excluded.has(row.pid)) members.add(row.pid);
  }
  addDescendants(rows, members, traces.excluded);
  return rows.filter((row) => members.has(row.pid) && !row.zombie);
}

/**
 * The number of the root's group and session; null where it can no longer mean them. While a group or session has a
 * member its number is given to no new process, so a foreign process of that pid shows that ours is gone.
 */
function ownGroup(rows: readonly ProcessRow[], root: ProcessIdentity | null): number | null {
  if (root === null || root.pid <= 1) return null;
  const holder = rows.find((row) => row.pid === root.pid);
  return holder === undefined || holder.started === root.started ? root.pid : null;
}

function addDescendants(rows: readonly ProcessRow[], members: Set<number>, excluded: ReadonlySet<number>): void {
  const children = new Map<number, number[]>();
  for (const row of rows) {
    const siblings = children.get(row.ppid);
    if (siblings === undefined) children.set(row.ppid, [row.pid]);
    else siblings.push(row.pid);
  }
  const pending = [...members];
  for (let pid = pending.pop(); pid !== undefined; pid = pending.pop()) {
    for (const child of children.get(pid) ?? []) {
      if (members.has(child) || excluded.has(child) || child <= 1) continue;
      members.add(child);
      pending.push(child);
    }
  }
}
