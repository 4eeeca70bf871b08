// Where a subscription begins: behind a seq, at a place in a process's output, or with what comes.

import { outputCursorSchema } from "@longwire/shared/api/wait-requests.ts";
import type { SubscribeRequest } from "@longwire/shared/viewer-request.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { Log } from "./log.ts";
import { aheadOf } from "./read-events.ts";

/** The seq behind which it begins. */
export function findBeginning({ after, output_after: place, process }: SubscribeRequest, log: Log): Result<number> {
  if (place === undefined) {
    const seq = after ?? log.head;
    return seq > log.head ? refuse(aheadOf(seq, log.head)) : succeed(seq);
  }
  if (process === undefined || after !== undefined) {
    return refuse({ code: "invalid_request", detail: "`output_after` goes with `process` and without `after`." });
  }
  const latest = log.runs.latest(process);
  if (latest === null) {
    return refuse({ code: "not_found", detail: `This machine has no process ${JSON.stringify(process)}.` });
  }
  const { run, offset } = outputCursorSchema.parse(place);
  const view = log.runs.find(latest.process, run);
  if (view === null || offset > view.output_bytes) {
    const detail = `\`output_after\` is ${place}, which ${latest.process} has not come to; it is at ${latest.run}.${latest.output_bytes}.`;
    return refuse({ code: "invalid_request", detail });
  }
  return succeed(log.seqOfOutput(view, offset) - 1);
}
