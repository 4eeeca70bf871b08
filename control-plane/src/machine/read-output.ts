// One run's output from the log, a page at a time, as bytes: for readers in the Worker that render it, search it or
// hand it on. What was kept of the run stands in for partitions that are gone.

import type { ProcessId } from "@longwire/shared/ids.ts";
import { outputPageBytes, outputPageRows } from "@longwire/shared/limits.ts";
import type { OutputGap, OutputPiece } from "@longwire/shared/render/line.ts";
import type { Log } from "./log.ts";

/** A place to read on from. */
export interface OutputPlace {
  readonly process: ProcessId;
  readonly run: number;
  /** Output before this is left out. */
  readonly offset: number;
  /** Where the page before ended; absent for the first one. */
  readonly seq?: number | undefined;
}

export type OutputPart = ({ readonly type: "output" } & OutputPiece) | ({ readonly type: "gap" } & OutputGap);

export interface OutputPage {
  readonly parts: readonly OutputPart[];
  /** Where the next page begins; null at the end of what is stored. */
  readonly nextSeq: number | null;
}

/** About `outputPageBytes` of output from the place on. */
export function readOutput(log: Log, { process, run, offset, seq }: OutputPlace): OutputPage {
  const view = log.runs.find(process, run);
  const parts: OutputPart[] = [];
  if (view === null) return { parts, nextSeq: null };
  let bytes = 0;
  const add = (part: OutputPart): void => {
    if (part.type === "output" && part.offset + part.bytes.length <= offset) return;
    parts.push(part);
    bytes += part.type === "output" ? part.bytes.length : 0;
  };
  let at = seq ?? Math.max(log.earliest, log.seqOfOutput(view, offset));
  if (seq === undefined) {
    for (const { seq: kept, fact, bytes: payload } of log.keptOf(process, run)) {
      const { stream, offset: from, at: time } = fact;
      if (kept < log.earliest) add({ type: "output", stream, offset: from, at: time, bytes: payload.slice() });
    }
  }
  for (let rows = 0; at <= view.output_seq; rows++) {
    if (bytes >= outputPageBytes || rows >= outputPageRows) return { parts, nextSeq: at };
    const next = log.readAt(at, (batch) => {
      for (const part of batch.outputOf(process, run)) {
        if (part.type === "output") add({ ...part, bytes: part.bytes.slice() });
        else add({ ...part, from: part.from ?? view.output_bytes });
      }
      return batch.lastSeq + 1;
    });
    if (next === null) break;
    at = next;
  }
  return { parts, nextSeq: null };
}
