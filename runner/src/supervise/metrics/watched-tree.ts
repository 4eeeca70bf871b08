// One run's tree as the runner looks at it from outside: its members, and what they use, look by look.

import { statSync } from "node:fs";
import type { ProcessIdentity } from "@longwire/shared/node/process-identity.ts";
import { countHandles } from "../../processes/open-handles.ts";
import type { ProcessRow } from "../../processes/process-table.ts";
import { findMembers } from "../../processes/tree.ts";
import { readTransfer } from "../../processes/usage.ts";
import { readShimStatus } from "../../shim/shim-status.ts";
import { listSegments, segmentPath } from "../../spool/segments.ts";
import { cpuPercent, keepTotals, sumUse, type TreeUse } from "./tree-use.ts";

const minWindowMs = 200;

interface Look {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly use: TreeUse;
}

export class WatchedTree {
  readonly #folder: string;
  readonly #marker: string;
  #shim: ProcessIdentity | null = null;
  #root: ProcessIdentity | null = null;
  readonly #remembered = new Map<number, string>();
  #before: Look | null = null;
  #last: Look | null = null;

  constructor(folder: string, marker: string) {
    this.#folder = folder;
    this.#marker = marker;
  }

  /** Its processes among `rows`. Whoever was seen once is known from then on. */
  members(rows: readonly ProcessRow[]): ProcessRow[] {
    if (this.#root === null) {
      const status = readShimStatus(this.#folder);
      this.#shim = status?.shim ?? null;
      this.#root = status?.child ?? null;
    }
    const shim = this.#shim?.pid ?? null;
    const members = findMembers(rows, {
      root: this.#root,
      marker: this.#marker,
      remembered: this.#remembered,
      excluded: new Set(shim === null ? [process.pid] : [process.pid, shim]),
      shim,
    });
    this.#remembered.clear();
    for (const member of members) this.#remembered.set(member.pid, member.started);
    return members;
  }

  /** Takes note of what `members` use at `now`. */
  measure(members: readonly ProcessRow[], now: number): void {
    const use = sumUse(
      members.map(({ pid, usage }) => ({ usage, handles: countHandles(pid), transfer: readTransfer(pid) })),
    );
    const last = this.#last;
    // Over less time than this, the system's own steps of 10 ms would be all there is to see.
    if (last !== null && now - last.at >= minWindowMs) this.#before = last;
    this.#last = { at: now, use: keepTotals(last?.use ?? null, use) };
  }

  /** Whether it was measured since `from`, so that the next measure has something to compare with. */
  wasMeasuredSince(from: number): boolean {
    return this.#last !== null && this.#last.at >= from;
  }

  /** When the shim last wrote into the run's spool, in milliseconds since 1970. */
  lastRecordAt(): number {
    const newest = listSegments(this.#folder).at(-1);
    const stats = newest === undefined ? null : statSync(segmentPath(this.#folder, newest), { throwIfNoEntry: false });
    return stats?.mtimeMs ?? Infinity;
  }

  /** The last measure, with what it used of the processors since the one before. Null where nothing was measured. */
  get use(): (TreeUse & { readonly cpuPercent: number }) | null {
    if (this.#last === null) return null;
    const before = this.#before ?? this.#last;
    return { ...this.#last.use, cpuPercent: cpuPercent(before.use, this.#last.use, this.#last.at - before.at) };
  }
}
