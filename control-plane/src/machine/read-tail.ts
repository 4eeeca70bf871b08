// The end of one run's output, found by headers from its last seq back: a run that has been quiet for long is read
// without the flood that others printed since. What was kept of the run stands in for partitions that are gone.

import { maxTailRows } from "@longwire/shared/limits.ts";
import type { RunView } from "@longwire/shared/run-view.ts";
import { payloadOffsets } from "@longwire/shared/wire/facts.ts";
import type { Kept, OutputPiece } from "./kept.ts";
import type { LogTables } from "./log-tables.ts";
import { factsOf } from "./row-header.ts";

/**
 * The pieces that hold some of the last `bytes` bytes, in order. Looks through 4096 rows at the most, so of a run
 * whose output lies far apart among that of others it may give less: the first piece's offset says where it begins.
 */
export function readTail(tables: LogTables, kept: Kept, view: RunView, bytes: number): OutputPiece[] {
  const from = view.output_bytes - bytes;
  const tail: OutputPiece[] = [];
  let rows = 0;
  for (const { seq, header } of tables.headersBack(view.output_seq)) {
    if (++rows > maxTailRows) return tail.toReversed();
    const facts = factsOf(header);
    let payload: Uint8Array | undefined;
    const offsets = payloadOffsets(facts);
    for (const [index, fact] of [...facts.entries()].toReversed()) {
      if (fact.type !== "output" || fact.process !== view.process || fact.run !== view.run) continue;
      if (fact.offset + fact.size <= from) return tail.toReversed();
      payload ??= tables.payloadOf(seq);
      tail.push({ seq: seq + index, fact, bytes: payload.subarray(offsets[index], offsets[index + 1]) });
    }
    if (seq <= view.first_seq) break;
  }
  const before = kept.of(view.process, view.run).filter(({ fact }) => fact.offset + fact.size > from);
  return [...before, ...tail.toReversed()];
}

/**
 * The seq of a row at or before the one that holds the byte at `offset`, found by headers alone; the run's first seq
 * where it lies too far back to look.
 */
export function seqOfOutput(tables: LogTables, view: RunView, offset: number): number {
  if (offset <= 0) return view.first_seq;
  let rows = 0;
  for (const { seq, header } of tables.headersBack(view.output_seq)) {
    if (++rows > maxTailRows || seq <= view.first_seq) break;
    const holds = factsOf(header).some(
      (fact) =>
        fact.type === "output" && fact.process === view.process && fact.run === view.run && fact.offset <= offset,
    );
    if (holds) return seq;
  }
  return view.first_seq;
}
