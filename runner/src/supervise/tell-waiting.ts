// What the runner itself tells of runs that have no shim: that they wait, and that they did not begin.

import { maxDetailLength } from "@longwire/shared/limits.ts";
import type { EndReason, WaitingReason } from "@longwire/shared/process-state.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import type { KeptStart, RunEnd, WaitingStart } from "./kept-start.ts";
import { sayNeeds } from "./needs.ts";
import { labelOf } from "./new-run.ts";

export function tellPending(kept: WaitingStart, waiting_for: WaitingReason, at: number): RunFact {
  const { process, run, command_id, restarts } = kept;
  return {
    type: "pending",
    at,
    process,
    run,
    label: labelOf(kept),
    command_id,
    waiting_for,
    ...sayWaiting(kept, waiting_for),
    ...(restarts === 0 ? {} : { restarts }),
  };
}

function sayWaiting({ needs = [], phase }: WaitingStart, waitingFor: WaitingReason): { readonly detail?: string } {
  if (waitingFor === "approval") return { detail: sayApproval(phase.approval ?? "") };
  if (waitingFor === "needs") return { detail: sayNeeds(needs).slice(0, maxDetailLength) };
  return waitingFor === "queue" ? {} : { detail: `It begins at ${new Date(phase.due).toISOString()}.` };
}

const sayApproval = (id: string): string =>
  `The machine's owner is asked: approval ${id}. They decide in the runner's terminal, or by \`runner approve ${id}\` there.`;

export function tellFailed({ process, run }: KeptStart, reason: EndReason, detail: string, at: number): RunFact {
  return { type: "failed", at, process, run, reason, detail: detail.slice(0, maxDetailLength) };
}

/** The end a run told of, or what there is to say where none can be read. */
export function describeEnd(fact: RunFact | null, now: number): RunEnd {
  if (fact?.type === "exited") return { reason: fact.reason, returncode: fact.returncode, at: fact.at };
  if (fact?.type === "failed") return { reason: fact.reason, returncode: null, at: fact.at };
  return { reason: "shim_lost", returncode: null, at: now };
}
