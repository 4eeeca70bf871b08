// The answer of a tool that waited: the process as it is then, why the wait ended, and what was printed meanwhile.

import type { Process, WaitResult } from "@longwire/shared/api/views.ts";
import type { WaitCondition } from "@longwire/shared/api/wait-requests.ts";
import { maxSearchLineBytes, tailBytes } from "@longwire/shared/limits.ts";
import { hasEnded } from "@longwire/shared/process-state.ts";
import type { Machine } from "../machine/machine.ts";
import { showOutput, type Named } from "./show-output.ts";
import { composeAnswer } from "./text/compose-answer.ts";
import { describeProcess, referenceOf } from "./text/describe-process.ts";
import { nameCall } from "./text/name-call.ts";
import type { ToolAnswer } from "./tool.ts";

export interface WaitedFor {
  readonly machine: DurableObjectStub<Machine>;
  /** As the wait found it at its end. */
  readonly process: Process;
  /** Null where the call did not wait. */
  readonly wait: Omit<WaitResult, "output" | "omitted_bytes"> | null;
  /** Where what is shown begins; null: the last lines of the run. */
  readonly from: number | null;
  /** What was waited for. */
  readonly until: readonly WaitCondition[];
  /** The arguments of the call, to be given again in the next one. */
  readonly asked: {
    readonly machine?: string | undefined;
    readonly pattern?: string | undefined;
    readonly port?: number | undefined;
    readonly max_chars: number;
  };
}

/** Lines shown of a run whose beginning nobody asked for. */
const tailLines = 60;

export async function showRun(waited: WaitedFor): Promise<ToolAnswer> {
  const { machine, process, wait, asked } = waited;
  const { run } = process;
  const as: Named = { machine: asked.machine, process: referenceOf(process) };
  const to = endOf(waited);
  const from = waited.from ?? Math.max(0, to - tailBytes);
  const tail = waited.from === null ? tailLines : undefined;
  const range = { machine, process: process.process_id, run, from: Math.min(from, to), to };
  const { output, leftOut } = await showOutput({ process, range, maxChars: asked.max_chars, tail, as });
  const cursor = wait?.next_cursor ?? `${run}.${to}`;
  return {
    text: composeAnswer({
      head: [
        describeProcess(process, Date.now()),
        ...(wait === null ? [] : [describeEnding(wait)]),
        `output ${run}.${from} to ${run}.${to}`,
        `cursor ${cursor}`,
      ],
      output,
      foot: [leftOut, `next: ${nameNext(waited, as, cursor)}`],
    }),
    isError: process.state === "failed",
  };
}

/** What was seen: up to the line that matched, and with it a line that has no end yet. */
function endOf({ process, wait, asked }: WaitedFor): number {
  const { output_bytes: end } = process;
  if (wait === null) return end;
  const next = Number(wait.next_cursor.split(".")[1]);
  if (asked.pattern === undefined || wait.ended_by === "match") return Math.min(next, end);
  return Math.min(end, next + maxSearchLineBytes);
}

function describeEnding({ ended_by: by, match, port }: NonNullable<WaitedFor["wait"]>): string {
  switch (by) {
    case "match":
      return `matched by the line that ends at ${match?.cursor ?? "the cursor"}`;
    case "port":
      return `it listens on port ${port ?? "?"}`;
    case "time_up":
      return "time is up, what was waited for did not happen";
    case "idle":
      return "it fell silent";
    case "output":
      return "it printed something";
    case "ready":
      return "it is ready";
    case "budget":
      return "as much was searched as one call may";
    case "denied":
      return "the machine's owner said no";
    case "exit":
      return "it ended";
  }
}

function nameNext({ process, wait, until, asked: { pattern, port } }: WaitedFor, as: Named, cursor: string): string {
  if (hasEnded(process.state)) {
    const why = nameCall("read_output", { ...as, format: "digest" });
    return process.returncode === 0 || process.state === "failed"
      ? `${nameCall("restart_process", { ...as })} runs it again`
      : `${why} sums up what it printed`;
  }
  const goesOn = wait !== null && (wait.ended_by === "time_up" || wait.ended_by === "budget");
  const [first = "output"] = until;
  const wish = goesOn ? { until: first, pattern, port } : { until: "output" };
  return `${nameCall("wait_process", { ...as, ...wish, after: cursor })} waits on`;
}
