// Output as an answer: rendered, as JSON, as a digest, or its bytes.

import type { OutputQuery } from "@longwire/shared/api/output-requests.ts";
import type { OutputAnswer, Process } from "@longwire/shared/api/views.ts";
import { outputNoteChars } from "@longwire/shared/limits.ts";
import type { Pattern } from "@longwire/shared/pattern.ts";
import { nameFilters, type Rendered } from "@longwire/shared/render/render.ts";
import type { Standing } from "../access/standing.ts";
import { readRunOutput, type OutputRange } from "./read-run-output.ts";
import { digestRange, renderRange } from "./render-range.ts";

export interface Answering {
  readonly query: OutputQuery;
  /** The run, as it is now. */
  readonly process: Process;
  readonly range: OutputRange;
  readonly standing: Standing;
  readonly grep: Pattern | null;
  /** The path of the request, for the call that reads the middle. */
  readonly path: string;
}

/** The answer's body and type; where the output goes on is the range's end. */
export async function answerOutput(answering: Answering): Promise<Response> {
  const { query, process, range } = answering;
  const { format } = query;
  if (format === "raw") {
    const name = `${process.name ?? process.process_id}-${range.run}.out`.replace(/[^\w.-]/g, "_");
    return new Response(streamBytes(range, answering.standing), {
      headers: { "Content-Type": "application/octet-stream", "Content-Disposition": `attachment; filename="${name}"` },
    });
  }
  if (format === "digest") {
    return plain(await digestRange(range, query.maxChars));
  }
  const only = range.stream === undefined ? "" : `&stream=${range.stream}`;
  const rendered = await renderRange(range, {
    ...{ grep: answering.grep, context: query.context, tail: query.tail, timestamps: query.timestamps },
    // What is said of the text stands behind it, within the same budget.
    maxChars: query.maxChars - (format === "text" ? outputNoteChars : 0),
    markHole: ({ lines, from }) => `… ${lines} lines left out: GET ${answering.path}?after=${range.run}.${from}${only}`,
  });
  if (format === "json") return Response.json(presentRendered(process, range, rendered));
  return plain(`${rendered.text}${describeRest(answering, rendered)}`);
}

/** What was done to the text and what lies around it; empty where it is all there is, as it was printed. */
function describeRest({ process, range, path }: Answering, rendered: Rendered): string {
  const { run, from, to } = range;
  const filters = nameFilters(rendered.filters);
  const notes = [
    filters === "" ? "" : filters,
    rendered.before > 0 ? `${rendered.before} lines before these` : "",
    from > 0 ? `begins at ${run}.${from}` : "",
    to < process.output_bytes ? `goes on: GET ${path}?after=${run}.${to}` : "",
  ].filter((note) => note !== "");
  return notes.length === 0 ? "" : `[${notes.join("; ").slice(0, outputNoteChars - 3)}]\n`;
}

function presentRendered(process: Process, { run, from, to }: OutputRange, rendered: Rendered): OutputAnswer {
  const { text, hole, before, matches, lines, gaps, filters } = rendered;
  const cursor = (offset: number): string => `${run}.${offset}`;
  return {
    process_id: process.process_id,
    run,
    state: process.state,
    output: text,
    from_cursor: cursor(from),
    next_cursor: cursor(to),
    lines,
    lines_before: before,
    ...(matches === null ? {} : { matches }),
    left_out: hole === null ? null : { lines: hole.lines, from_cursor: cursor(hole.from), to_cursor: cursor(hole.to) },
    gaps: gaps.map((gap) => ({ from_offset: gap.from, to_offset: gap.to, reason: gap.reason })),
    filters: { ...filters },
  };
}

function plain(text: string): Response {
  return new Response(text, { headers: { "Content-Type": "text/plain; charset=utf-8" } });
}

/** A download that takes longer is asked for its right again and again, so often. */
const recheckMs = 4000;

/** The bytes of the range, as fast as they are taken and as long as the caller may have them. */
function streamBytes(range: OutputRange, standing: Standing): ReadableStream<Uint8Array> {
  const parts = readRunOutput(range);
  let checkedAt = Date.now();
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      if (Date.now() - checkedAt > recheckMs) {
        const refusal = await standing.recheck();
        if (refusal !== null) return controller.error(new Error(refusal.detail));
        checkedAt = Date.now();
      }
      for (;;) {
        const { done, value } = await parts.next();
        if (done === true) return controller.close();
        if (value.type === "output") return controller.enqueue(value.bytes);
      }
    },
    async cancel() {
      await parts.return();
    },
  });
}
