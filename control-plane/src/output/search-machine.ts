// A pattern looked for in the latest run of each of a machine's processes, the newest process first, or of one. What
// one request looks through is bounded, and the answer says where to go on.

import type { SearchQuery } from "@longwire/shared/api/search-requests.ts";
import type { Process, SearchAnswer, SearchMatch } from "@longwire/shared/api/views.ts";
import { maxListLimit } from "@longwire/shared/limits.ts";
import type { Pattern } from "@longwire/shared/pattern.ts";
import { requiredLiteral } from "@longwire/shared/search/required-literal.ts";
import { OutputSearch } from "@longwire/shared/search/search-output.ts";
import type { FoundRun } from "../machine/find-run.ts";
import type { Machine } from "../machine/machine.ts";
import { succeed, type Result } from "../result.ts";
import { decodeText } from "../waits/decode-text.ts";
import { readRunOutput } from "./read-run-output.ts";

export interface MachineSearch {
  readonly machine: DurableObjectStub<Machine>;
  readonly pattern: Pattern;
  readonly query: SearchQuery;
  readonly maxSteps: number;
}

export async function searchMachine(search: MachineSearch): Promise<Result<SearchAnswer>> {
  const items: SearchMatch[] = [];
  let steps = 0;
  for await (const found of listRuns(search)) {
    if (!found.ok) return found;
    const { process, from } = found.value;
    // A run that is not begun says that there is more to search.
    if (items.length >= search.query.limit || steps >= search.maxSteps) {
      return succeed({ items, next_cursor: `${process.process_id}.${process.run}.${from}` });
    }
    const bounds = { maxMatches: search.query.limit - items.length, maxSteps: search.maxSteps - steps };
    const { matches, next, isCut, steps: taken } = await searchRun(search, process, from, bounds);
    steps += taken;
    items.push(...matches);
    if (isCut) return succeed({ items, next_cursor: `${process.process_id}.${process.run}.${next}` });
  }
  return succeed({ items, next_cursor: null });
}

interface RunToSearch {
  readonly process: Process;
  readonly from: number;
}

/** The runs to search, in order; first the one the cursor names. */
async function* listRuns({ machine, query }: MachineSearch): AsyncGenerator<Result<RunToSearch>, void, void> {
  const { cursor, process: only, since } = query;
  if (cursor !== undefined || only !== undefined) {
    const place = cursor === undefined ? null : { run: cursor.run, offset: cursor.offset };
    const found: Result<FoundRun> = await machine.findRun(cursor?.process ?? only ?? "", place);
    yield found.ok ? succeed({ process: found.value.process, from: cursor?.offset ?? 0 }) : found;
    if (!found.ok || only !== undefined) return;
  }
  let page: string | null | undefined = cursor?.process.slice(1);
  do {
    const listed: { items: Process[]; next_cursor: string | null } = await machine.listProcesses({
      metrics: false,
      state: "all",
      limit: maxListLimit,
      cursor: page ?? undefined,
    });
    for (const process of listed.items) {
      const isOver = since !== undefined && process.ended_at !== null && Date.parse(process.ended_at) < since;
      if (!isOver && process.output_bytes > 0) yield succeed({ process, from: 0 });
    }
    page = listed.next_cursor;
  } while (page !== null);
}

interface RunSearch {
  readonly matches: readonly SearchMatch[];
  readonly next: number;
  readonly isCut: boolean;
  readonly steps: number;
}

async function searchRun(
  { machine, pattern, query }: MachineSearch,
  process: Process,
  from: number,
  bounds: { readonly maxMatches: number; readonly maxSteps: number },
): Promise<RunSearch> {
  const { process_id: id, run, name, output_bytes: to } = process;
  const literal = requiredLiteral(query.pattern);
  const search = new OutputSearch({ pattern, literal, decode: decodeText, context: query.context, ...bounds }, from);
  for await (const part of readRunOutput({ machine, process: id, run, from, to })) {
    if (!search.isOpen) break;
    if (part.type === "output" && part.at >= (query.since ?? 0)) search.take(part.offset, part.bytes);
  }
  const { matches, next, isCut } = search.end(true);
  return {
    matches: matches.map(({ start, end, text, before, after }) => ({
      process_id: id,
      ...(name === null || name === undefined ? {} : { name }),
      run,
      cursor: `${run}.${start}`,
      end_cursor: `${run}.${end}`,
      text,
      before: [...before],
      after: [...after],
    })),
    next,
    isCut,
    steps: search.steps,
  };
}
