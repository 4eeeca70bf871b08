// How far a reader has come in one run's output, and what of the next events is new to it. A reader that goes on by its
// cursor may get what it has again; what is missing in between it is told.
//
//   has up to 100 │ output 80–120 → bytes 100–120 │ output 150–160 → hole 120–150, bytes 150–160

import type { ViewerEvent } from "../src/read-viewer-frame.ts";
import type { SkippedFrame } from "../src/viewer-frame.ts";

export type OutputStep =
  | { readonly type: "bytes"; readonly offset: number; readonly bytes: Uint8Array; readonly timestamp: string }
  /** Lost, up to `to`; null where the output ends with it. */
  | { readonly type: "hole"; readonly from: number; readonly to: number | null; readonly reason: string }
  /** Not sent, since it came too fast; it can be read from `from`. */
  | { readonly type: "skipped"; readonly from: number; readonly to: number }
  /** Nothing follows. */
  | { readonly type: "end"; readonly event: ViewerEvent };

type SkippedRun = SkippedFrame["runs"][number];

export class OutputPlace {
  readonly process: string;
  readonly run: number;
  #offset: number;
  #isFirst: boolean;

  /** `offset`: what comes before it is not wanted. `isExact`: what is missing right behind it is a hole. */
  constructor(process: string, run: number, offset: number, isExact: boolean) {
    this.process = process;
    this.run = run;
    this.#offset = offset;
    this.#isFirst = !isExact;
  }

  /** Where the output goes on. */
  get offset(): number {
    return this.#offset;
  }

  takeEvent(event: ViewerEvent): OutputStep[] {
    const { process_id: process, run = 0, type, offset, payload, timestamp } = event;
    if (process !== this.process || run < this.run) return [];
    if (run > this.run) return [{ type: "end", event }];
    if (type === "exited" || type === "failed") return [{ type: "end", event }];
    if (type === "gap") return this.#takeGap(event);
    if (type !== "output" || offset === undefined || payload === undefined) return [];
    const end = offset + payload.byteLength;
    if (end <= this.#offset) return [];
    const steps = this.#reach(offset, "expired");
    const bytes = payload.subarray(this.#offset - offset);
    steps.push({ type: "bytes", offset: this.#offset, bytes, timestamp });
    this.#offset = end;
    return steps;
  }

  takeSkipped({ process_id: process, run, from_offset: from, to_offset: to }: SkippedRun): OutputStep[] {
    if (process !== this.process || run !== this.run || to <= this.#offset) return [];
    const steps = this.#reach(from, "expired");
    steps.push({ type: "skipped", from: this.#offset, to });
    this.#offset = to;
    return steps;
  }

  #takeGap({ from_offset: from, to_offset: to, reason = "" }: ViewerEvent): OutputStep[] {
    if (from === undefined || to === undefined) return [];
    if (to === null) return [...this.#reach(from, "expired"), { type: "hole", from: this.#offset, to, reason }];
    if (to <= this.#offset) return [];
    const steps = this.#reach(from, "expired");
    steps.push({ type: "hole", from: this.#offset, to, reason });
    this.#offset = to;
    return steps;
  }

  /** Goes on to `offset`, of which nothing before was told. */
  #reach(offset: number, reason: string): OutputStep[] {
    const from = this.#offset;
    const isHole = offset > from && !this.#isFirst;
    this.#isFirst = false;
    this.#offset = Math.max(offset, from);
    return isHole ? [{ type: "hole", from, to: offset, reason }] : [];
  }
}
