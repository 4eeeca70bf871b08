// What processes use together, as a run's limits count it.

import { countHandles } from "./open-handles.ts";
import type { ProcessRow } from "./process-table.ts";

/** Where the system does not tell of open files, there are none. */
export interface Usage {
  readonly memory_bytes: number;
  readonly cpu_ms: number;
  readonly open_files: number;
}

/** The sum over `members`, as they were looked at; resident memory that they share counts for each. */
export function measureUsage(members: readonly ProcessRow[]): Usage {
  const sum = (of: (member: ProcessRow) => number): number => members.reduce((all, member) => all + of(member), 0);
  return {
    memory_bytes: sum(({ usage }) => usage.residentBytes),
    cpu_ms: sum(({ usage }) => usage.userMs + usage.systemMs),
    open_files: sum(({ pid }) => countHandles(pid) ?? 0),
  };
}
