// One stretch of a run's output, collected from the events of a subscription of its own.

import type { ViewerEvent } from "../src/read-viewer-frame.ts";
import { OutputPlace, type OutputStep } from "./output-place.ts";

/** From which byte on, up to which, of which run. */
export interface OutputRange {
  readonly process: string;
  readonly run: number;
  readonly from: number;
  readonly to: number;
}

export class RangeRead {
  readonly range: OutputRange;
  readonly #place: OutputPlace;
  readonly #steps: OutputStep[] = [];
  #done: (steps: readonly OutputStep[]) => void = () => undefined;
  /** What was read, in order; what is gone as holes. Never beyond `to`. */
  readonly steps: Promise<readonly OutputStep[]>;
  #isDone = false;

  constructor(range: OutputRange) {
    this.range = range;
    this.#place = new OutputPlace(range.process, range.run, range.from, true);
    this.steps = new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  get isDone(): boolean {
    return this.#isDone;
  }

  /** Where it goes on after a broken connection. */
  get offset(): number {
    return this.#place.offset;
  }

  take(event: ViewerEvent): void {
    for (const step of this.#place.takeEvent(event)) {
      if (this.#isDone) return;
      if (step.type === "end") this.finish();
      else this.#keep(step);
    }
    if (this.#place.offset >= this.range.to) this.finish();
  }

  #keep(step: Exclude<OutputStep, { type: "end" }>): void {
    const { to } = this.range;
    if (step.type !== "bytes") {
      this.#steps.push({ ...step, to: Math.min(step.to ?? to, to) });
      return;
    }
    const bytes = step.bytes.slice(0, Math.max(0, to - step.offset));
    if (bytes.byteLength > 0) this.#steps.push({ ...step, bytes });
  }

  /** What did not come is gone. */
  finish(): void {
    if (this.#isDone) return;
    this.#isDone = true;
    const { to } = this.range;
    const { offset } = this.#place;
    if (offset < to) this.#steps.push({ type: "hole", from: offset, to, reason: "expired" });
    this.#done(this.#steps);
  }
}
