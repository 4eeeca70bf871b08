// Which runs a search looks through, in order: the newest process first, of each its latest run or all that are kept,
// the newest first. A search that goes on begins with the run it stopped in.

import type { SearchQuery } from "@longwire/shared/api/search-requests.ts";
import type { Process } from "@longwire/shared/api/views.ts";
import { maxListLimit } from "@longwire/shared/limits.ts";
import type { FoundRun } from "../machine/find-run.ts";
import type { Machine } from "../machine/machine.ts";
import { succeed, type Result } from "../result.ts";

export interface RunToSearch {
  readonly process: Process;
  /** The offset to search from. */
  readonly from: number;
}

interface Listed {
  readonly items: Process[];
  readonly next_cursor: string | null;
}

/** Ends after a refusal, such as of a process that is not there. */
export async function* runsToSearch(
  machine: DurableObjectStub<Machine>,
  { cursor, process: only, since, runs }: SearchQuery,
): AsyncGenerator<Result<RunToSearch>, void, void> {
  const isWanted = ({ ended_at, output_bytes }: Process): boolean => {
    const isOver = since !== undefined && ended_at !== null && Date.parse(ended_at) < since;
    return !isOver && output_bytes > 0;
  };

  async function* earlierRuns({ process_id: id, run }: Process): AsyncGenerator<Result<RunToSearch>, void, void> {
    if (runs !== "all") return;
    let before: string | null = String(run);
    while (before !== null) {
      const listed: Result<Listed> = await machine.listRuns(id, { limit: maxListLimit, cursor: Number(before) });
      if (!listed.ok) return;
      for (const process of listed.value.items.filter(isWanted)) yield succeed({ process, from: 0 });
      before = listed.value.next_cursor;
    }
  }

  if (cursor !== undefined || only !== undefined) {
    const place = cursor === undefined ? null : { run: cursor.run, offset: cursor.offset };
    const found: Result<FoundRun> = await machine.findRun(cursor?.process ?? only ?? "", place);
    yield found.ok ? succeed({ process: found.value.process, from: cursor?.offset ?? 0 }) : found;
    if (!found.ok) return;
    yield* earlierRuns(found.value.process);
    if (only !== undefined) return;
  }
  let page: string | null | undefined = cursor?.process.slice(1);
  do {
    const listed: Listed = await machine.listProcesses({
      ...{ metrics: false, state: "all", limit: maxListLimit },
      cursor: page ?? undefined,
    });
    for (const process of listed.items) {
      if (isWanted(process)) yield succeed({ process, from: 0 });
      yield* earlierRuns(process);
    }
    page = listed.next_cursor;
  } while (page !== null);
}
