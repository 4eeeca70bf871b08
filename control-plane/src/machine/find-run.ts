// One run for a reader that will follow it: what is known of it, and where in the log to begin to read.

import type { Process } from "@longwire/shared/api/views.ts";
import { presentProcess, type RunView } from "@longwire/shared/run-view.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { Log } from "./log.ts";

/** A place in the output of a process's run. */
export interface RunPlace {
  readonly run: number;
  readonly offset: number;
}

export interface FoundRun {
  readonly process: Process;
  /** What the log has of the run's output from the place on has this seq or a greater one. */
  readonly firstSeq: number;
  /** What it has of the run's output up to `head` has this seq or a lower one. */
  readonly lastSeq: number;
  /** The log's last seq; `process` is the state of then. */
  readonly head: number;
}

/** So far from the output's end its place in the log is looked up; what lies before is read from the run's beginning. */
const lookupBytes = 256 * 1024;

export function findRun(log: Log, idOrName: string, from: RunPlace | null): Result<FoundRun> {
  const latest = log.runs.latest(idOrName);
  if (latest === null) {
    return refuse({ code: "not_found", detail: `This machine has no process ${JSON.stringify(idOrName)}.` });
  }
  const view = from === null ? latest : log.runs.find(latest.process, from.run);
  if (view !== null) {
    const firstSeq = Math.max(log.earliest, seqOf(log, view, from?.offset ?? 0));
    return succeed({ process: presentProcess(view), firstSeq, lastSeq: view.output_seq, head: log.head });
  }
  const message = `names a run that ${latest.process} does not have; its latest is ${latest.run}`;
  return refuse({ code: "invalid_request", detail: `\`after\` ${message}.`, errors: [{ path: "after", message }] });
}

function seqOf(log: Log, view: RunView, offset: number): number {
  const bytes = view.output_bytes - offset;
  if (bytes <= 0 || bytes > lookupBytes) return view.first_seq;
  const [piece] = log.tailOf(view.process, view.run, bytes);
  return piece !== undefined && piece.fact.offset <= offset ? piece.seq : view.first_seq;
}
