// A pattern looked for in what a machine's processes printed, or one of them. What one request looks through is bounded,
// in steps and in time, and the answer says where to go on.

import type { SearchQuery } from "@longwire/shared/api/search-requests.ts";
import type { Process, SearchAnswer, SearchMatch } from "@longwire/shared/api/views.ts";
import { maxSearchMs } from "@longwire/shared/limits.ts";
import type { Pattern } from "@longwire/shared/pattern.ts";
import { requiredLiteral } from "@longwire/shared/search/required-literal.ts";
import { OutputSearch } from "@longwire/shared/search/search-output.ts";
import type { Machine } from "../machine/machine.ts";
import { succeed, type Result } from "../result.ts";
import { decodeText } from "../waits/decode-text.ts";
import { readRunOutput, turnBytes } from "./read-run-output.ts";
import { runsToSearch } from "./runs-to-search.ts";

/** Looked through before others get a turn, however complex the pattern. */
const minPieceBytes = 1024;

export interface MachineSearch {
  readonly machine: DurableObjectStub<Machine>;
  readonly pattern: Pattern;
  readonly query: SearchQuery;
  readonly maxSteps: number;
}

export async function searchMachine(search: MachineSearch): Promise<Result<SearchAnswer>> {
  const items: SearchMatch[] = [];
  let steps = 0;
  // Time passes while output is read, also where a computation does not see it pass.
  const deadline = Date.now() + maxSearchMs;
  for await (const found of runsToSearch(search.machine, search.query)) {
    if (!found.ok) return found;
    const { process, from } = found.value;
    // A run that is not begun says that there is more to search.
    const isTimeUp = steps > 0 && Date.now() >= deadline;
    if (items.length >= search.query.limit || steps >= search.maxSteps || isTimeUp) {
      return succeed({ items, next_cursor: `${process.process_id}.${process.run}.${from}` });
    }
    const bounds = { maxMatches: search.query.limit - items.length, maxSteps: search.maxSteps - steps, deadline };
    const { matches, next, isCut, steps: taken } = await searchRun(search, process, from, bounds);
    steps += taken;
    items.push(...matches);
    if (isCut) return succeed({ items, next_cursor: `${process.process_id}.${process.run}.${next}` });
  }
  return succeed({ items, next_cursor: null });
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
  { deadline, ...bounds }: { readonly maxMatches: number; readonly maxSteps: number; readonly deadline: number },
): Promise<RunSearch> {
  const { process_id: id, run, name, output_bytes: to } = process;
  const literal = requiredLiteral(query.pattern);
  const search = new OutputSearch({ pattern, literal, decode: decodeText, context: query.context, ...bounds }, from);
  const piece = Math.max(minPieceBytes, Math.floor(turnBytes / pattern.weight));
  for await (const part of readRunOutput({ machine, process: id, run, from, to }, piece)) {
    if (Date.now() >= deadline) search.stop();
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
