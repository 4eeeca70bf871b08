// Output as the least text that says the same: escape sequences taken out, carriage returns and cursor movements
// applied, lines that repeat folded, long ones cut, and within a budget head and tail with a mark for the middle. What
// was done to it is counted, and every place has its offset.
//
//   pieces ─► LineReader ─► (matches | last lines) ─► Folder ─► LineFitter ─► text

import type { DecodeText } from "../line-search.ts";
import type { Pattern } from "../pattern.ts";
import { LineFitter, type Hole, type MarkHole } from "./fit-lines.ts";
import { Folder, type FoldedItem } from "./fold-lines.ts";
import { keepLast, keepMatches, type ItemStage } from "./keep-lines.ts";
import { LineReader } from "./line-reader.ts";
import type { GapLine, OutputGap, OutputPiece } from "./line.ts";

export interface RenderOptions {
  readonly decode: DecodeText;
  readonly maxChars: number;
  /** What stands for the middle, such as the call that gives it. */
  readonly markHole: MarkHole;
  /** Only lines that match, each with so many around it. */
  readonly grep?: { readonly pattern: Pattern; readonly context: number } | undefined;
  /** Only the last so many lines; of matches with their context, where both are asked for. */
  readonly tail?: number | undefined;
  /** What stands for a line's text, such as the same with what cannot be seen spelled out. */
  readonly showText?: ((text: string) => string) | undefined;
  /** Each line with the time its first byte was read at, as `HH:MM:SS.mmm` in UTC. */
  readonly timestamps?: boolean | undefined;
}

/** How often each filter changed something; all zero where the text is what was printed. */
export interface RenderFilters {
  readonly escapes: number;
  readonly rewrites: number;
  readonly pictures: number;
  readonly folded: number;
  readonly cut: number;
}

export interface Rendered {
  readonly text: string;
  readonly hole: Hole | null;
  /** Lines before the last ones, where only those were asked for. */
  readonly before: number;
  /** Lines that match, where only those were asked for. */
  readonly matches: number | null;
  /** Lines that `text` and the hole stand for. */
  readonly lines: number;
  /** The offsets where what was rendered begins and where it goes on. */
  readonly from: number;
  readonly to: number;
  readonly gaps: readonly OutputGap[];
  readonly filters: RenderFilters;
}

/** What is shown of a line; less where the budget is small. */
export const longLineChars = 500;
const maxGapsTold = 100;

/** Renders what it is given piece by piece. */
export class Renderer {
  readonly #options: RenderOptions;
  readonly #reader: LineReader;
  readonly #stages: ItemStage[];
  readonly #folder: Folder;
  readonly #fitter: LineFitter;
  readonly #maxLine: number;
  readonly #gaps: OutputGap[] = [];
  #before = 0;
  #matches = 0;
  #cut = 0;

  constructor(options: RenderOptions) {
    this.#options = options;
    this.#maxLine = Math.max(1, Math.min(longLineChars, Math.floor(options.maxChars / 3) - 40));
    this.#fitter = new LineFitter(options.maxChars);
    this.#folder = new Folder((item) => this.#show(item));
    const folder: ItemStage = { take: (item) => this.#folder.take(item), end: () => this.#folder.end() };
    const stages = [folder];
    const { tail, grep } = options;
    const next = (): ItemStage => stages[0] ?? folder;
    if (tail !== undefined) stages.unshift(keepLast(tail, (lines) => (this.#before = lines), next().take));
    if (grep !== undefined) {
      const count = (): number => this.#matches++;
      stages.unshift(keepMatches(grep.pattern, grep.context, count, () => this.#jump(), next().take));
    }
    this.#stages = stages;
    this.#reader = new LineReader(options.decode, next().take);
  }

  take(piece: OutputPiece): void {
    this.#reader.take(piece);
  }

  gap(gap: OutputGap): void {
    if (this.#gaps.length < maxGapsTold) this.#gaps.push(gap);
    this.#reader.gap(gap);
  }

  end(): Rendered {
    this.#reader.end();
    for (const stage of this.#stages) stage.end();
    const { text, hole, lines } = this.#fitter.end(this.#options.markHole);
    return {
      text,
      hole,
      before: this.#before,
      matches: this.#options.grep === undefined ? null : this.#matches,
      lines,
      from: this.#reader.from,
      to: this.#reader.to,
      gaps: this.#gaps,
      filters: { ...this.#reader.counts, folded: this.#folder.folded, cut: this.#cut },
    };
  }

  /** With `tail` the place of a jump is not known any more, and none is shown. */
  #jump(): void {
    if (this.#options.tail !== undefined) return;
    this.#folder.end();
    this.#fitter.take({ text: "--", lines: 0, start: this.#reader.to, end: this.#reader.to });
  }

  #show(item: FoldedItem): void {
    if (item.type === "gap") {
      const { from } = item;
      this.#fitter.take({ text: this.#cutLine(describeGap(item), 0), lines: 0, start: from, end: item.to ?? from });
      return;
    }
    const { line, count, end } = item;
    const stamp = this.#options.timestamps === true ? `${new Date(line.at).toISOString().slice(11, 23)} ` : "";
    const times = count > 1 && line.text !== "" ? ` [×${count}]` : "";
    const shown = this.#options.showText?.(line.text) ?? line.text;
    const text = `${stamp}${this.#cutLine(shown, line.cut)}${times}`;
    this.#fitter.take({ text, lines: count, start: line.start, end });
  }

  #cutLine(text: string, cut: number): string {
    const more = Math.max(0, text.length - this.#maxLine) + cut;
    if (more === 0) return text;
    this.#cut++;
    return `${text.slice(0, this.#maxLine).toWellFormed()}…(+${more} chars)`;
  }
}

/** A gap as a line: what is lost, and why. */
export function describeGap({ from, to, reason }: OutputGap | GapLine): string {
  const what = to === null ? "output" : `${to - from} bytes`;
  const where = to === null ? `from offset ${from} on` : `offsets ${from}–${to}`;
  return `[gap: ${what} lost (${reason}), ${where}]`;
}

/** The filters that changed something, in words; empty where none did. */
export function nameFilters(filters: RenderFilters): string {
  const { escapes, rewrites, pictures, folded, cut } = filters;
  const told = [
    escapes > 0 ? `${escapes} escape sequences removed` : "",
    rewrites > 0 ? `${rewrites} rewrites of a line applied` : "",
    pictures > 0 ? `${pictures} rows of full-screen pictures replaced by later ones` : "",
    folded > 0 ? `${folded} repeated lines folded` : "",
    cut > 0 ? `${cut} long lines cut` : "",
  ];
  return told.filter((part) => part !== "").join(", ");
}
