// A run's output in the form a caller asks for, after a wait where it asks for one; and two runs' beside each other.

import { compareQuerySchema, outputQuerySchema, type OutputQuery } from "@longwire/shared/api/output-requests.ts";
import { Comparer } from "@longwire/shared/digest/compare.ts";
import { maxRenderBytes } from "@longwire/shared/limits.ts";
import { parseQuery } from "../access/body.ts";
import { problemResponse } from "../access/problem.ts";
import type { Standing } from "../access/standing.ts";
import type { FoundRun } from "../machine/find-run.ts";
import type { Machine } from "../machine/machine.ts";
import { answerOutput } from "../output/answer-output.ts";
import { compileGrep, findRange } from "../output/find-range.ts";
import { readRunOutput, type OutputRange } from "../output/read-run-output.ts";
import { refuse, succeed, type Result } from "../result.ts";
import { decodeText } from "../waits/decode-text.ts";
import { waitForRun } from "../waits/wait-for-run.ts";
import type { App } from "./app.ts";
import { machineOf } from "./context.ts";
import { readWait } from "./waits.ts";

type MachineStub = DurableObjectStub<Machine>;

export function addOutputs(app: App): void {
  app.get("/v1/machines/:machine/processes/:process/output", async (c) => {
    const beganAt = Date.now();
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    const query = parseQuery(c.req.url, outputQuerySchema, "until");
    if (!query.ok) return problemResponse(query.refusal);
    const grep = query.value.grep === null ? succeed(null) : compileGrep(query.value.grep);
    if (!grep.ok) return problemResponse(grep.refusal);
    const { machine, standing } = reached.value;
    const asked = { machine, standing, process: c.req.param("process"), query: query.value };
    const waited = await waitFirst(asked, beganAt, c.req.raw.signal);
    if (!waited.ok) return problemResponse(waited.refusal);
    const range = await findRange(asked, grep.value);
    if (!range.ok) return problemResponse(range.refusal);
    const { process } = range.value.found;
    const path = new URL(c.req.url).pathname;
    const { range: bytes } = range.value;
    const response = await answerOutput({
      query: query.value,
      process,
      range: bytes,
      standing,
      grep: grep.value,
      path,
    });
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("X-Next-Cursor", `${bytes.run}.${bytes.to}`);
    response.headers.set("X-Process-State", process.state);
    if (waited.value !== null) response.headers.set("X-Wait-Ended-By", waited.value);
    return response;
  });

  app.get("/v1/machines/:machine/processes/:process/compare", async (c) => {
    const reached = await machineOf(c, "read");
    if (!reached.ok) return problemResponse(reached.refusal);
    const query = parseQuery(c.req.url, compareQuerySchema);
    if (!query.ok) return problemResponse(query.refusal);
    const text = await compareRuns(reached.value.machine, c.req.param("process"), query.value);
    return text.ok ? c.text(text.value, 200, { "Cache-Control": "no-store" }) : problemResponse(text.refusal);
  });
}

interface Asked {
  readonly machine: MachineStub;
  readonly standing: Standing;
  /** Its id or name. */
  readonly process: string;
  readonly query: OutputQuery;
}

/** What ended the wait that was asked for; null where none was. */
async function waitFirst(
  { machine, standing, process, query }: Asked,
  beganAt: number,
  signal: AbortSignal,
): Promise<Result<string | null>> {
  if (query.wait === null) return succeed(null);
  const wait = readWait(query.wait, beganAt);
  if (!wait.ok) return wait;
  const answer = await waitForRun({ ...wait.value, machine, standing, process, after: query.after, signal });
  return answer.ok ? succeed(answer.value.ended_by) : answer;
}

interface Compared {
  readonly run: number | null;
  readonly with: number | null;
  readonly maxChars: number;
}

async function compareRuns(machine: MachineStub, process: string, query: Compared): Promise<Result<string>> {
  const later = await machine.findRun(process, query.run === null ? null : { run: query.run, offset: 0 });
  if (!later.ok) return later;
  const after = later.value.process;
  const other = query.with ?? after.run - 1;
  if (other === 0 || other === after.run) {
    const message = `needs two runs; ${after.process_id} has had run ${after.run} before which there is none`;
    return refuse({ code: "invalid_request", detail: `\`with\` ${message}.`, errors: [{ path: "with", message }] });
  }
  const earlier = await machine.findRun(process, { run: other, offset: 0 });
  if (!earlier.ok) return earlier;
  const comparer = new Comparer({ decode: decodeText, maxChars: query.maxChars, before: other, after: after.run });
  for await (const part of readRunOutput(wholeOf(machine, earlier.value))) {
    if (part.type === "output") comparer.takeBefore(part);
    else comparer.gapBefore(part);
  }
  comparer.endBefore();
  for await (const part of readRunOutput(wholeOf(machine, later.value))) {
    if (part.type === "output") comparer.takeAfter(part);
    else comparer.gapAfter(part);
  }
  return succeed(comparer.end());
}

/** The last `maxRenderBytes` of a run. */
function wholeOf(machine: MachineStub, { process }: FoundRun): OutputRange {
  const { process_id: id, run, output_bytes: to } = process;
  return { machine, process: id, run, from: Math.max(0, to - maxRenderBytes), to };
}
