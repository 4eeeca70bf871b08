// Which bytes of a run's output a reader asks for, and whether they are there.

import type { OutputQuery } from "@longwire/shared/api/output-requests.ts";
import { maxRenderBytes, maxSearchBytes, tailBytes } from "@longwire/shared/limits.ts";
import { compilePattern, type Pattern } from "@longwire/shared/pattern.ts";
import type { FoundRun } from "../machine/find-run.ts";
import type { Machine } from "../machine/machine.ts";
import { refuse, succeed, type Result } from "../result.ts";
import { readRunOutput, type OutputRange } from "./read-run-output.ts";

/** A pattern of lines to show; a fault is told of `grep`. */
export function compileGrep(source: string): Result<Pattern> {
  const compiled = compilePattern(source);
  if (compiled.ok) return compiled;
  const { refusal } = compiled;
  const errors = refusal.errors?.map(({ message }) => ({ path: "grep", message }));
  return refuse({ ...refusal, detail: refusal.detail.replace("pattern", "grep"), errors });
}

export interface AskedRange {
  readonly machine: DurableObjectStub<Machine>;
  /** Its id or name. */
  readonly process: string;
  readonly query: Pick<OutputQuery, "after" | "run" | "tail" | "stream" | "format">;
}

export interface FoundRange {
  readonly found: FoundRun;
  readonly range: OutputRange;
}

/** Which bytes are read. A cursor whose output is gone is refused; any other beginning gives what there is. */
export async function findRange(
  { machine, process, query }: AskedRange,
  grep: Pattern | null,
): Promise<Result<FoundRange>> {
  const { after, run: asked, tail, stream, format } = query;
  const found = await machine.findRun(process, asked === null ? null : { run: asked, offset: after?.offset ?? 0 });
  if (!found.ok) return found;
  const { process_id: id, run, output_bytes: end } = found.value.process;
  if (after !== null && after.offset > end) {
    const message = `lies beyond the output's end, ${run}.${end}`;
    return refuse({ code: "invalid_request", detail: `\`after\` ${message}.`, errors: [{ path: "after", message }] });
  }
  const most = format === "raw" ? Infinity : Math.min(maxRenderBytes, Math.floor(maxSearchBytes / (grep?.weight ?? 1)));
  const last = tail !== undefined && grep === null ? tailBytes : most;
  const from = after?.offset ?? Math.max(0, end - last);
  const range: OutputRange = { machine, process: id, run, from, to: Math.min(end, from + most), stream };
  if (after === null) return succeed({ found: found.value, range });
  const first = await readRunOutput({ ...range, stream: undefined }).next();
  if (first.done === true || first.value.type !== "gap" || first.value.reason !== "expired") {
    return succeed({ found: found.value, range });
  }
  const earliest = `${run}.${first.value.to ?? end}`;
  const detail = `The output after ${run}.${from} is gone: this machine's log is bounded. The earliest cursor is ${earliest}.`;
  const hint = `Read on with \`after=${earliest}\`, or without \`after\`.`;
  return refuse({ code: "output_expired", detail, hint, earliest });
}
