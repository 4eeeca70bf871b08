// What is known of one run, folded from its facts. Applying a fact twice changes nothing, so a run can be
// rebuilt from any stored view and the facts stored since.

import * as z from "zod";
import { endReasonSchema, hasEnded, mayFollow, processStateSchema, type ProcessState } from "./process-state.ts";
import { processIdSchema, runNumberSchema } from "./ids.ts";
import { runLabelSchema, type RunFact } from "./wire/facts.ts";
import { displayCommand } from "./display-command.ts";
import type { Process } from "./api/views.ts";
import { unreachable } from "./unreachable.ts";

export const runViewSchema = z.object({
  process: processIdSchema,
  run: runNumberSchema,
  label: runLabelSchema,
  state: processStateSchema,
  pid: z.number().int().nullable(),
  created_at: z.number().int(),
  started_at: z.number().int().nullable(),
  ended_at: z.number().int().nullable(),
  returncode: z.number().int().nullable(),
  signal: z.string().nullable(),
  reason: endReasonSchema.nullable(),
  detail: z.string().nullable(),
  output_bytes: z.number().int(),
  /** No event of the run has a lower seq; whoever stores the run's first fact says it. */
  first_seq: z.number().int().default(1),
  /** The seq of its last output, from which its tail is found; 0 while there is none. */
  output_seq: z.number().int().default(0),
});
export type RunView = z.infer<typeof runViewSchema>;

function blank(fact: RunFact): RunView {
  return {
    process: fact.process,
    run: fact.run,
    label: { cwd: "", tags: [], tty: false },
    state: "starting",
    pid: null,
    created_at: fact.at,
    started_at: null,
    ended_at: null,
    returncode: null,
    signal: null,
    reason: null,
    detail: null,
    output_bytes: 0,
    first_seq: 1,
    output_seq: 0,
  };
}

function enter(view: RunView, state: ProcessState): RunView {
  return mayFollow(view.state, state) ? { ...view, state } : view;
}

/** The view after `fact`; the same reference where nothing changed but what output moves. Null: the run is new. */
export function applyFact(before: RunView | null, fact: RunFact): RunView {
  const view = before ?? blank(fact);
  switch (fact.type) {
    case "starting":
      return { ...view, label: fact.label, created_at: fact.at };
    case "started":
      return { ...enter(view, "running"), pid: fact.pid, started_at: fact.at };
    case "failed":
      if (hasEnded(view.state)) return view;
      return { ...enter(view, "failed"), ended_at: fact.at, reason: fact.reason, detail: fact.detail };
    case "stopping":
      return { ...enter(view, "stopping"), reason: view.reason ?? fact.reason };
    case "exited":
      if (hasEnded(view.state)) return view;
      return {
        ...enter(view, "exited"),
        ended_at: fact.at,
        returncode: fact.returncode,
        signal: fact.signal,
        reason: fact.reason,
      };
    case "output":
      return { ...view, output_bytes: fact.offset + fact.size };
    case "gap":
      return fact.to_offset === null ? view : { ...view, output_bytes: fact.to_offset };
    case "signalled":
      return view;
    default:
      return unreachable(fact);
  }
}

/** Whether a fact changes more of a run than how much it printed; only then is its stored view rewritten. */
export function isLifecycle(fact: RunFact): boolean {
  return fact.type !== "output" && fact.type !== "gap" && fact.type !== "signalled";
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A run as callers see it: a process in its latest run. */
export function presentProcess(view: RunView): Process {
  const { label } = view;
  return {
    process_id: view.process,
    name: label.name ?? null,
    state: view.state,
    run: view.run,
    pid: view.pid,
    ...(label.argv === undefined ? { command: label.command ?? "" } : { argv: label.argv }),
    cwd: label.cwd,
    tags: label.tags,
    tty: label.tty,
    started_at: iso(view.started_at),
    ended_at: iso(view.ended_at),
    returncode: view.returncode,
    signal: view.signal,
    reason: view.reason,
    ...(view.detail === null ? {} : { detail: view.detail }),
    output_bytes: view.output_bytes,
    cursor: `${view.run}.${view.output_bytes}`,
  };
}

/** One line that names what runs, for events and matching. */
export function commandOf(view: RunView): string {
  return displayCommand(view.label);
}
