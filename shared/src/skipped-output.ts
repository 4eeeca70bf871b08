// Decides what a subscription in mode `latest` is not sent: output of a run that came faster than its viewer takes it, but
// for the run's last piece. One of these lasts for one turn of sending, in which no run prints anything more.
//
//   lag ≤ room: all of it     lag > room:  ░░░░ skipped ░░░░ the run's last `latestTailBytes`

import { latestBehindBytes, latestTailBytes, maxSkippedRuns } from "./limits.ts";
import type { SkippedFrame } from "./viewer-frame.ts";

/** An output event, and how much its run has printed by now. */
export interface PlacedOutput {
  readonly process: string;
  readonly run: number;
  readonly offset: number;
  readonly size: number;
  readonly printed: number;
}

interface SkippedRun {
  readonly process_id: string;
  readonly run: number;
  /** Output that ends at or before this is skipped. */
  readonly until: number;
  from: number;
  to: number;
}

export class SkippedOutput {
  readonly #room: number;
  readonly #runs = new Map<string, SkippedRun>();
  #fromSeq = 0;
  #toSeq = 0;

  /** `credit`: what the viewer may be sent now. What fits into it is no reason to skip anything. */
  constructor(credit: number) {
    this.#room = Math.max(credit, latestBehindBytes);
  }

  /** Whether the output event at `seq` is left out; events are asked after in their order. */
  takes(seq: number, { process, run, offset, size, printed }: PlacedOutput): boolean {
    const key = `${process} ${run}`;
    let skipped = this.#runs.get(key);
    if (skipped === undefined) {
      if (this.#runs.size >= maxSkippedRuns) return false;
      const until = printed - offset > this.#room ? printed - latestTailBytes : 0;
      skipped = { process_id: process, run, until, from: offset, to: offset };
      this.#runs.set(key, skipped);
    }
    const end = offset + size;
    if (end > skipped.until) return false;
    if (skipped.from === skipped.to) skipped.from = offset;
    skipped.to = end;
    if (this.#fromSeq === 0) this.#fromSeq = seq;
    this.#toSeq = seq;
    return true;
  }

  /** What was left out since this was asked last, for the subscription `id`; null where nothing was. */
  report(id: number): SkippedFrame | null {
    if (this.#fromSeq === 0) return null;
    const runs = [...this.#runs.values()].filter(({ from, to }) => from < to);
    const frame: SkippedFrame = {
      type: "skipped",
      subscription: id,
      from_seq: this.#fromSeq,
      to_seq: this.#toSeq,
      runs: runs.map(({ process_id, run, from, to }) => ({ process_id, run, from_offset: from, to_offset: to })),
    };
    for (const skipped of runs) skipped.from = skipped.to;
    this.#fromSeq = 0;
    return frame;
  }
}
