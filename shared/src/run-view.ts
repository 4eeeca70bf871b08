// What is known of one run, folded from its facts. Applying a fact twice changes nothing, so a run can be
// rebuilt from any stored view and the facts stored since.

import * as z from "zod";
import {
  endReasonSchema,
  hasEnded,
  isStateFact,
  processStateSchema,
  stateAfter,
  waitingReasonSchema,
} from "./process-state.ts";
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
  /** What a pending run waits for; null in every other state. */
  waiting_for: waitingReasonSchema.nullable().default(null),
  ready_at: z.number().int().nullable().default(null),
  restarts: z.number().int().default(0),
  output_bytes: z.number().int(),
  /** No event of the run has a lower seq; whoever stores the run's first fact says it. */
  first_seq: z.number().int().default(1),
  /** The seq of its last output or gap, from which its tail is found; 0 while there is none. */
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
    waiting_for: null,
    ready_at: null,
    restarts: 0,
    output_bytes: 0,
    first_seq: 1,
    output_seq: 0,
  };
}

/** The view after `fact`; the same reference where nothing changed. `before` null: the run is new. */
export function applyFact(before: RunView | null, fact: RunFact): RunView {
  const view = before ?? blank(fact);
  if (!isStateFact(fact.type)) return applyDetail(view, fact);
  const state = stateAfter(before?.state ?? null, fact.type);
  // A label that comes late is still what the run is called.
  if (fact.type === "starting" && !hasEnded(view.state)) {
    const { label, at: created_at, restarts = 0 } = fact;
    return {
      ...view,
      ...(state === null ? {} : { state, waiting_for: null, detail: null }),
      label,
      created_at,
      restarts,
    };
  }
  return state === null ? view : { ...applyDetail(view, fact), state, waiting_for: waitingFor(fact) };
}

function waitingFor(fact: RunFact): RunView["waiting_for"] {
  return fact.type === "pending" ? fact.waiting_for : null;
}

/** What `fact` says beside the state. */
function applyDetail(view: RunView, fact: RunFact): RunView {
  switch (fact.type) {
    case "pending": {
      const { label, at: created_at, restarts = 0, detail = null } = fact;
      return { ...view, label, created_at, restarts, detail };
    }
    case "started":
      return { ...view, pid: fact.pid, started_at: fact.at };
    case "failed":
      return { ...view, ended_at: fact.at, reason: fact.reason, detail: fact.detail };
    case "stopping":
      return { ...view, reason: view.reason ?? fact.reason };
    case "exited": {
      const { at: ended_at, returncode, signal, reason } = fact;
      return { ...view, ended_at, returncode, signal, reason };
    }
    case "output":
      return { ...view, output_bytes: fact.offset + fact.size };
    case "gap":
      return fact.to_offset === null ? view : { ...view, output_bytes: fact.to_offset };
    case "ready":
      return view.ready_at === null ? { ...view, ready_at: fact.at } : view;
    case "starting":
    case "paused":
    case "resumed":
    case "lost":
    case "signalled":
    case "input":
    case "limit":
    case "forgotten":
    case "approval":
      return view;
    default:
      return unreachable(fact);
  }
}

/** Whether a fact changes more of a run than how much it printed; only then is its stored view rewritten. */
export function isLifecycle(fact: RunFact): boolean {
  return isStateFact(fact.type) || fact.type === "ready";
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** A run as callers see it: a process in its latest run. */
export function presentProcess(view: RunView): Process {
  const { label } = view;
  return {
    process_id: view.process,
    name: label.name ?? null,
    state: view.state,
    ...(view.waiting_for === null ? {} : { waiting_for: view.waiting_for }),
    ready: label.awaits_ready === true ? view.ready_at !== null : null,
    run: view.run,
    pid: view.pid,
    ...(label.argv === undefined ? { command: label.command ?? "" } : { argv: label.argv }),
    ...(label.use === undefined ? {} : { use: label.use }),
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
    restarts: view.restarts,
  };
}

/** A label stays the same object while its run prints, and each event names the command. */
const commands = new WeakMap<RunView["label"], string>();

/** One line that names what runs, for events and matching. */
export function commandOf({ label }: RunView): string {
  let command = commands.get(label);
  if (command === undefined) commands.set(label, (command = displayCommand(label)));
  return command;
}
