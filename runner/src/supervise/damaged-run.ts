// A run whose spool cannot be read to its end: what could be read is delivered, and this is what the runner says of
// the rest. The end of the run is among that where the spool's last record can still be read.

import type { RunFact } from "@longwire/shared/wire/facts.ts";
import type { RunSpec } from "../shim/run-spec.ts";
import { SpoolReader } from "../spool/spool-reader.ts";
import { tellLost } from "./lost-run.ts";

/**
 * What is owed of a run whose records below `next` were delivered and whose others are lost: a gap, and how it ended.
 * `end`: what the runner itself has to say of that, if anything. Nothing where all there was to tell was delivered.
 */
export function tellDamaged(
  { folder, spec, next }: { folder: string; spec: RunSpec; next: number },
  end: RunFact | null,
  boot: string,
  at: number,
): RunFact[] {
  const delivered = lastFactBelow(folder, next);
  if (delivered !== null && isEnd(delivered)) return [];
  const { process, run } = spec;
  const last = lastFactBelow(folder, Infinity);
  const known = last !== null && isEnd(last) ? last : null;
  const gap: RunFact = { type: "gap", at, process, run, from_offset: null, to_offset: null, reason: "damaged" };
  return [gap, end ?? known ?? tellLost(spec, boot, at)];
}

/** What is owed of a run that is over and of which all that could be read was delivered. `end` as in {@link tellDamaged}. */
export function tellOwed(
  { folder, spec, reader }: { folder: string; spec: RunSpec; reader: SpoolReader },
  end: RunFact | null,
  boot: string,
  at: number,
): readonly RunFact[] {
  // A shim tells of its run before anything else, so one that left nothing to read has lost all it told.
  const isEmptied = end?.type === "exited" && reader.next === 1;
  if (reader.damaged || isEmptied) return tellDamaged({ folder, spec, next: reader.next }, end, boot, at);
  return end === null ? [] : [end];
}

/**
 * The end of the run whose records below `next` are in `folder`; null where the last of them tells of none. Not by the
 * run's own reader, to which what cannot be read any more is damage, though it may be delivered already.
 */
export function endBelow(folder: string, next: number): RunFact | null {
  const fact = lastFactBelow(folder, next);
  return fact !== null && isEnd(fact) ? fact : null;
}

/** The fact of the last record below `next` that is on disk; null where there is none that can be read. */
export function lastFactBelow(folder: string, next: number): RunFact | null {
  const reader = new SpoolReader(folder);
  const [record] = reader.read(Math.min(next, reader.next) - 1, 1, 1);
  reader.close();
  return record === undefined ? null : (JSON.parse(record.header) as RunFact);
}

function isEnd(fact: RunFact): boolean {
  return fact.type === "exited" || fact.type === "failed";
}
