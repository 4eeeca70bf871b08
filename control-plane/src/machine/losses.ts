// What the object stores where a runner cannot go on from what the log has. It finds that out in two places: when a
// runner says which records it still has, and when a batch does not follow the record before it.

import type { ProcessId, SpoolId } from "@longwire/shared/ids.ts";
import { maxUnnamedRuns, restoredLeap } from "@longwire/shared/limits.ts";
import { judgeSpool, type Position } from "@longwire/shared/positions.ts";
import { hasEnded } from "@longwire/shared/process-state.ts";
import type { RunView } from "@longwire/shared/run-view.ts";
import { factsOfPart, type BatchHeader, type BatchPart } from "@longwire/shared/wire/batch.ts";
import { isRunFact, type Fact, type LossFact } from "@longwire/shared/wire/facts.ts";
import type { Hello } from "@longwire/shared/wire/link.ts";

interface RunName {
  readonly process: ProcessId;
  readonly run: number;
}

const keyOf = ({ process, run }: { process?: string | undefined; run?: number | undefined }) => `${process}-${run}`;

/** What is stored for one loss: its fact, and where a spool goes on for it. */
export interface Loss {
  readonly fact: Fact;
  readonly moved: { readonly spool: SpoolId; readonly position: Position } | null;
}

/** What the log holds that losses are judged by. */
export interface LossContext {
  readonly positions: ReadonlyMap<SpoolId, Position>;
  readonly find: (process: ProcessId, run: number) => RunView | null;
}

/**
 * A seq that a runner was told of and the log does not have: the log is an older copy of itself. It goes on far above
 * all it ever gave, so that a seq never means two things. Null where nothing is amiss.
 */
export function findRestore(head: number, lastSeq: number, now: number): (LossFact & { to_seq: number }) | null {
  if (lastSeq <= head) return null;
  return { type: "loss", at: now, reason: "restored", from_seq: head + 1, to_seq: lastSeq + restoredLeap };
}

/** Spools that cannot go on where they stand. */
export function findSpoolLosses(log: LossContext, hello: Hello, now: number): Loss[] {
  const losses: Loss[] = [];
  for (const spool of hello.spools) {
    const verdict = judgeSpool(log.positions, spool);
    if (verdict.type === "keep") continue;
    const { process, run } = spool;
    const of = process === undefined || run === undefined ? null : { process, run };
    losses.push({
      fact: describe(log, of, verdict.reason, now),
      moved: { spool: spool.id, position: verdict.position },
    });
  }
  return losses;
}

/** Runs that did not end as far as the log knows, and that the runner does not know of: it is asked after them. */
export function findUnnamed(live: Iterable<RunName>, hello: Hello): RunName[] {
  const named = new Set([...hello.runs, ...hello.spools].map((one) => keyOf(one)));
  const unnamed = [...live].filter((one) => !named.has(keyOf(one)));
  return unnamed.slice(0, maxUnnamedRuns).map(({ process, run }) => ({ process, run }));
}

/** What is lost before those parts of a batch that do not follow what is stored. */
export function findDivergence(
  log: LossContext,
  header: BatchHeader,
  diverged: readonly BatchPart[],
  now: number,
): Loss[] {
  return diverged.map((part) => ({ fact: describe(log, runOf(header, part), "diverged", now), moved: null }));
}

/** The run all of a part's facts are of; null where there is no one such run. */
function runOf(header: BatchHeader, part: BatchPart): RunName | null {
  const facts = factsOfPart(header, part);
  const [first] = facts;
  if (first === undefined || !isRunFact(first)) return null;
  const { process, run } = first;
  return facts.every((fact) => isRunFact(fact) && fact.process === process && fact.run === run)
    ? { process, run }
    : null;
}

/**
 * A batch's header as it is stored. A machine that lost its memory, as in a power cut, may tell once more how a run
 * ended; the log has that already, and nothing of a run follows its end. A gap that begins where the output ends gets
 * that place as its own: the output may go on, as where a backup was restored, and an event never changes.
 */
export function asStored(log: LossContext, header: BatchHeader): BatchHeader {
  if (!header.facts.some(({ type }) => tellsOfEnds.has(type))) return header;
  const seen = new Map<string, { isOver: boolean; printed: number }>();
  const facts = header.facts.map((fact): Fact => {
    if (!isRunFact(fact)) return fact;
    const key = keyOf(fact);
    let run = seen.get(key);
    if (run === undefined) {
      const view = log.find(fact.process, fact.run);
      run = { isOver: view !== null && hasEnded(view.state), printed: view?.output_bytes ?? 0 };
      seen.set(key, run);
    }
    if (run.isOver && tellsOfEnds.has(fact.type)) return { type: "loss", at: fact.at, reason: "after_end" };
    if (ends.has(fact.type)) run.isOver = true;
    if (fact.type === "output") run.printed = fact.offset + fact.size;
    return fact.type === "gap" && fact.from_offset === null ? { ...fact, from_offset: run.printed } : fact;
  });
  return { ...header, facts };
}

/** After these nothing follows of a run. */
const ends: ReadonlySet<Fact["type"]> = new Set(["exited", "failed"]);

/** What a runner says of a run whose shim is gone. */
const tellsOfEnds: ReadonlySet<Fact["type"]> = new Set(["lost", "gap", "exited", "failed"]);

/** A gap in the run's output; a loss of the machine's where there is no run, or where it has ended in the log. */
function describe(log: LossContext, of: RunName | null, reason: string, at: number): Fact {
  const view = of === null ? null : log.find(of.process, of.run);
  if (of === null || (view !== null && hasEnded(view.state))) return { type: "loss", at, reason };
  const { process, run } = of;
  return { type: "gap", at, process, run, from_offset: view?.output_bytes ?? 0, to_offset: null, reason };
}
