// A stored fact as the event callers see. Decoding text is the caller's, since it needs the platform.

import type { Event } from "./api/views.ts";
import { commandOf, type RunView } from "./run-view.ts";
import { unreachable } from "./unreachable.ts";
import type { Fact, OutputFact } from "./wire/facts.ts";

/** An output's bytes as text where they are UTF-8, else as base 64. */
export type OutputText = { readonly data: string } | { readonly data_base64: string };

/** How many bytes an output has, for readers that get them beside the event. */
export type OutputSize = { readonly size: number };

/**
 * The event of `fact` at `seq`. `view` is what is known of its run (null for facts of the machine);
 * `output` is called for output only, and gives the bytes in the reader's form.
 */
export function presentEvent(
  seq: number,
  fact: Fact,
  view: RunView | null,
  output: (fact: OutputFact) => OutputText | OutputSize,
): Event & Partial<OutputSize> {
  const timestamp = new Date(fact.at).toISOString();
  if (fact.type === "command") {
    return {
      seq,
      type: "command",
      timestamp,
      ...(fact.process === undefined ? {} : { process_id: fact.process }),
      command_id: fact.command_id,
      outcome: fact.outcome,
      ...(fact.code === undefined ? {} : { code: fact.code }),
      ...(fact.detail === undefined ? {} : { detail: fact.detail }),
    };
  }
  if (fact.type === "loss") {
    const { from_seq, to_seq, reason } = fact;
    const hole = from_seq === undefined || to_seq === undefined ? {} : { from_seq, to_seq };
    return { seq, type: "gap", timestamp, ...hole, reason };
  }
  const of = {
    process_id: fact.process,
    ...(view?.label.name === undefined ? {} : { name: view.label.name }),
    run: fact.run,
    command: view === null ? "" : commandOf(view),
  };
  if (fact.type === "match") {
    const { watch, offset, text, skipped = 0 } = fact;
    return { seq, type: "match", timestamp, ...of, watch, offset, text, ...(skipped === 0 ? {} : { skipped }) };
  }
  const asked = "command_id" in fact && fact.command_id !== undefined ? { command_id: fact.command_id } : {};
  switch (fact.type) {
    case "output":
      return { seq, type: "output", timestamp, ...of, stream: fact.stream, offset: fact.offset, ...output(fact) };
    case "pending": {
      const { waiting_for, detail } = fact;
      const why = detail === undefined ? {} : { detail };
      return { seq, type: "state", timestamp, ...of, state: "pending", waiting_for, ...why, ...asked };
    }
    case "starting":
      return { seq, type: "state", timestamp, ...of, state: "starting", ...asked };
    case "paused":
      return { seq, type: "state", timestamp, ...of, state: "paused", ...asked };
    case "resumed":
      return { seq, type: "state", timestamp, ...of, state: "running", ...asked };
    case "lost":
      return { seq, type: "state", timestamp, ...of, state: "lost" };
    case "forgotten":
      return { seq, type: "forgotten", timestamp, ...of };
    case "ready":
      return { seq, type: "ready", timestamp, ...of, detail: fact.detail };
    case "input":
      return { seq, type: "input", timestamp, ...of, bytes: fact.bytes, closed: fact.closed, ...asked };
    case "approval": {
      const { approval_id, digest, decision, by } = fact;
      const who = by === undefined ? {} : { by };
      return { seq, type: "approval", timestamp, ...of, approval_id, digest, decision, ...who, ...asked };
    }
    case "limit":
      return { seq, type: "limit", timestamp, ...of, limit: fact.limit, value: fact.value, allowed: fact.allowed };
    case "stopping":
      return { seq, type: "state", timestamp, ...of, state: "stopping", reason: fact.reason };
    case "failed":
      return { seq, type: "state", timestamp, ...of, state: "failed", reason: fact.reason, detail: fact.detail };
    case "started":
      return { seq, type: "started", timestamp, ...of, pid: fact.pid };
    case "signalled":
      return { seq, type: "signalled", timestamp, ...of, signal: fact.signal, ...asked };
    case "exited":
      return {
        seq,
        type: "exited",
        timestamp,
        ...of,
        stream: "exit",
        returncode: fact.returncode,
        signal: fact.signal,
        reason: fact.reason,
      };
    case "gap":
      return {
        seq,
        type: "gap",
        timestamp,
        ...of,
        from_offset: fact.from_offset ?? view?.output_bytes ?? 0,
        to_offset: fact.to_offset,
        reason: fact.reason,
      };
    default:
      return unreachable(fact);
  }
}

const stateEvents: ReadonlySet<Fact["type"]> = new Set([
  "pending",
  "starting",
  "paused",
  "resumed",
  "stopping",
  "failed",
  "lost",
]);

/** The `type` an event of this fact has for callers. */
export function eventType(fact: Fact): string {
  if (fact.type === "loss") return "gap";
  return stateEvents.has(fact.type) ? "state" : fact.type;
}
