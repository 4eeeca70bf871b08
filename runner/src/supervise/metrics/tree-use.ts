// What a tree uses, summed over its processes, and how much of the processors between two looks.

import type { Transfer, Usage } from "../../processes/usage.ts";

/** Times in milliseconds, since the tree began. Null: the system does not tell. */
export interface TreeUse {
  readonly userMs: number;
  readonly systemMs: number;
  readonly residentBytes: number;
  readonly processes: number;
  readonly handles: number | null;
  readonly readBytes: number | null;
  readonly writtenBytes: number | null;
}

export interface MemberUse {
  readonly usage: Usage;
  readonly handles: number | null;
  readonly transfer: Transfer | null;
}

/** The sum over all members; of what only some tell, the sum over those. */
export function sumUse(members: readonly MemberUse[]): TreeUse {
  const sum = (of: (member: MemberUse) => number): number => members.reduce((all, member) => all + of(member), 0);
  const sumKnown = (of: (member: MemberUse) => number | undefined | null): number | null => {
    const known = members.flatMap((member) => of(member) ?? []);
    return known.length === 0 ? null : known.reduce((all, one) => all + one, 0);
  };
  return {
    userMs: sum(({ usage }) => usage.userMs),
    systemMs: sum(({ usage }) => usage.systemMs),
    residentBytes: sum(({ usage }) => usage.residentBytes),
    processes: members.length,
    handles: sumKnown(({ handles }) => handles),
    readBytes: sumKnown(({ transfer }) => transfer?.readBytes),
    writtenBytes: sumKnown(({ transfer }) => transfer?.writtenBytes),
  };
}

/** `now` with what was used before and whose process is gone without anybody having waited for it: totals never fall. */
export function keepTotals(before: TreeUse | null, now: TreeUse): TreeUse {
  if (before === null) return now;
  return {
    ...now,
    userMs: Math.max(before.userMs, now.userMs),
    systemMs: Math.max(before.systemMs, now.systemMs),
    readBytes: atLeast(before.readBytes, now.readBytes),
    writtenBytes: atLeast(before.writtenBytes, now.writtenBytes),
  };
}

function atLeast(before: number | null, now: number | null): number | null {
  return before === null || now === null ? (now ?? before) : Math.max(before, now);
}

/** Between two looks `elapsedMs` apart, to a tenth; 100 is one processor. */
export function cpuPercent(before: TreeUse, now: TreeUse, elapsedMs: number): number {
  if (elapsedMs <= 0) return 0;
  const usedMs = now.userMs + now.systemMs - before.userMs - before.systemMs;
  return Math.round((1000 * Math.max(0, usedMs)) / elapsedMs) / 10;
}
