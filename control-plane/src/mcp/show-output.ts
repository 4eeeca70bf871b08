// A range of a run's output as an answer shows it: rendered within its budget, and what is said of what it leaves out.

import type { Process } from "@longwire/shared/api/views.ts";
import type { Pattern } from "@longwire/shared/pattern.ts";
import type { OutputStream } from "@longwire/shared/render/line.ts";
import { nameFilters } from "@longwire/shared/render/render.ts";
import type { OutputRange } from "../output/read-run-output.ts";
import { renderRange } from "../output/render-range.ts";
import { nameCall } from "./text/name-call.ts";
import { showSafely } from "./text/show-safely.ts";

export interface Showing {
  readonly process: Process;
  readonly range: OutputRange;
  readonly maxChars: number;
  readonly tail?: number | undefined;
  readonly grep?: { readonly source: string; readonly pattern: Pattern; readonly context: number } | null;
  /** As the call named it. */
  readonly as: Named;
}

/** By what the process and its machine were named, for calls that go on with it. */
export interface Named {
  readonly machine?: string | undefined;
  readonly process: string;
}

export interface ShownOutput {
  readonly output: string;
  /** What was left out, and the call for it. */
  readonly leftOut: string;
}

export async function showOutput({ process, range, maxChars, tail, grep, as }: Showing): Promise<ShownOutput> {
  const { run, from, to, stream } = range;
  const readOn = (offset: number): string => readOutputAt(as, `${run}.${offset}`, { stream, grep: grep?.source });
  const rendered = await renderRange(range, {
    ...{ maxChars, tail, grep: grep?.pattern ?? null, context: grep?.context ?? 0 },
    showText: showSafely,
    markHole: ({ lines }) => `… ${lines} lines left out here …`,
  });
  const { hole, before, matches, filters, text } = rendered;
  const told = nameFilters(filters);
  const notes = [
    matches === null ? "" : `${matches} lines match`,
    hole === null ? "" : `${hole.lines} lines in the middle: ${readOn(hole.from)}`,
    before > 0 ? `${before} lines before these: ${readOn(from)}` : "",
    before === 0 && from > 0 ? `what was printed before ${run}.${from}` : "",
    to < process.output_bytes ? `what was printed since ${run}.${to}: ${readOn(to)}` : "",
    told,
  ].filter((note) => note !== "");
  return { output: text, leftOut: notes.length === 0 ? "" : `left out: ${notes.join("; ")}` };
}

/** The call that reads on from a cursor. */
export function readOutputAt(
  { machine, process }: Named,
  after: string,
  more: {
    readonly stream?: OutputStream | undefined;
    readonly grep?: string | undefined;
    readonly format?: string;
  } = {},
): string {
  return nameCall("read_output", { machine, process, after, ...more });
}
