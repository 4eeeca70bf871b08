// Which stretch of a run's output a terminal has loaded, and what it draws of it. The stretch grows at its end as output
// comes, and at its beginning as somebody scrolls back; beyond its bound it lets go of the other end.
//
//   0 ────────░░░░░░░░ from ████████████ to ░░░░░░░ printed

import type { OutputStep } from "@longwire/shared/client/output-place.ts";

export type DrawnStep = Exclude<OutputStep, { type: "end" }>;

/** What is kept to be drawn again. A terminal draws it in about a tenth of a second. */
export const maxLoadedBytes = 1024 * 1024;
/** What is read at a time when somebody scrolls. */
export const chunkBytes = 128 * 1024;
/** What is shown before a place that is jumped to. */
export const leadBytes = 16 * 1024;

const endOf = (step: DrawnStep): number =>
  step.type === "bytes" ? step.offset + step.bytes.byteLength : (step.to ?? step.from);
export const beginOf = (step: DrawnStep): number => (step.type === "bytes" ? step.offset : step.from);
const sizeOf = (step: DrawnStep): number => (step.type === "bytes" ? step.bytes.byteLength : 0);

export class LoadedOutput {
  #steps: DrawnStep[] = [];
  #bytes = 0;
  #from: number;
  #to: number;

  /** Nothing yet, at this place. */
  constructor(offset: number) {
    this.#from = offset;
    this.#to = offset;
  }

  get steps(): readonly DrawnStep[] {
    return this.#steps;
  }

  get from(): number {
    return this.#from;
  }

  get to(): number {
    return this.#to;
  }

  /** What of `steps` lies behind what is there: so nothing stands on a screen twice, whoever else read it meanwhile. */
  news(steps: readonly DrawnStep[]): DrawnStep[] {
    return steps.flatMap((step): DrawnStep[] => {
      if (step.type !== "bytes") return endOf(step) >= this.#to ? [step] : [];
      const known = Math.max(0, this.#to - step.offset);
      if (known === 0) return [step];
      const bytes = step.bytes.subarray(known);
      return bytes.byteLength === 0 ? [] : [{ ...step, offset: this.#to, bytes }];
    });
  }

  /** After more output was drawn behind what is there. */
  append(steps: readonly DrawnStep[]): void {
    for (const step of steps) {
      // Where nothing was before, it begins where the first piece does.
      if (this.#steps.length === 0) this.#from = beginOf(step);
      this.#steps.push(step);
      this.#bytes += sizeOf(step);
      this.#to = Math.max(this.#to, endOf(step));
    }
    while (this.#bytes > maxLoadedBytes && this.#steps.length > 1) {
      const [gone] = this.#steps.splice(0, 1);
      if (gone !== undefined) this.#bytes -= sizeOf(gone);
      this.#from = beginOf(this.#steps[0] ?? { type: "skipped", from: this.#to, to: this.#to });
    }
  }

  /** After older output was read, which reaches up to `from`. What goes at the other end is read again when it is wanted. */
  prepend(from: number, steps: readonly DrawnStep[]): void {
    this.#steps.unshift(...steps);
    this.#from = from;
    for (const step of steps) this.#bytes += sizeOf(step);
    while (this.#bytes > maxLoadedBytes && this.#steps.length > 1) {
      const gone = this.#steps.pop();
      if (gone === undefined) return;
      this.#bytes -= sizeOf(gone);
      this.#to = beginOf(gone);
    }
  }
}

/** Begins with a whole line, where one begins soon: half a line or half an escape sequence would show as rubbish. */
export function fromWholeLine(steps: readonly DrawnStep[], isBeginning: boolean): readonly DrawnStep[] {
  const [first, ...rest] = steps;
  if (isBeginning || first?.type !== "bytes") return steps;
  const end = first.bytes.subarray(0, 8192).indexOf(10);
  if (end === -1) return steps;
  const bytes = first.bytes.subarray(end + 1);
  return bytes.byteLength === 0 ? rest : [{ ...first, offset: first.offset + end + 1, bytes }, ...rest];
}

/** What the log let go of reaches back to the output's beginning, however little of it was asked for. */
export function fromWhatIsGone(steps: readonly DrawnStep[]): readonly DrawnStep[] {
  const [first, ...rest] = steps;
  return first?.type === "hole" && first.reason === "expired" ? [{ ...first, from: 0 }, ...rest] : steps;
}
