// What one run printed that an earlier one did not: kinds of lines by what they have in common but numbers, times and
// hashes, errors first; and the errors that are no more.
//
//   the earlier run ─► kinds ──┐
//   the later run ──► lines ───┴─► those of no known kind ─► text

import type { DecodeText } from "../line-search.ts";
import { LineReader } from "../render/line-reader.ts";
import type { Item, Line, OutputGap, OutputPiece } from "../render/line.ts";
import { fitParts, shorten } from "./fit-parts.ts";
import { judgeLine } from "./general-lines.ts";
import { templateOf } from "./template.ts";

export interface CompareOptions {
  readonly decode: DecodeText;
  readonly maxChars: number;
  /** The numbers of the two runs, for their cursors. */
  readonly before: number;
  readonly after: number;
}

interface Kind {
  readonly text: string;
  readonly offset: number;
  count: number;
}

/** Kinds of the earlier run that are remembered, by their hash. What is beyond counts as new, and that is said. */
export const maxKnownKinds = 200_000;
const maxNewKinds = 2000;
const maxKindChars = 300;

/** Takes the earlier run's output whole, then the later one's. */
export class Comparer {
  readonly #options: CompareOptions;
  readonly #known = new Set<number>();
  /** Errors of the earlier run, by the hash of their kind. */
  readonly #errorsBefore = new Map<number, Kind>();
  readonly #seen = new Set<number>();
  readonly #new = { error: new Map<number, Kind>(), warning: new Map<number, Kind>(), other: new Map<number, Kind>() };
  #newLines = 0;
  #isKnownFull = false;
  #isNewFull = false;
  #hasGap = false;
  readonly #before: LineReader;
  readonly #after: LineReader;

  constructor(options: CompareOptions) {
    this.#options = options;
    this.#before = new LineReader(options.decode, (item) => this.#learn(item));
    this.#after = new LineReader(options.decode, (item) => this.#judge(item));
  }

  takeBefore(piece: OutputPiece): void {
    this.#before.take(piece);
  }

  gapBefore(gap: OutputGap): void {
    this.#before.gap(gap);
  }

  /** The earlier run is complete; from here on it is the later one. */
  endBefore(): void {
    this.#before.end();
  }

  takeAfter(piece: OutputPiece): void {
    this.#after.take(piece);
  }

  gapAfter(gap: OutputGap): void {
    this.#after.gap(gap);
  }

  /** The comparison, at most as long as the budget; each place as `@run.offset`. */
  end(): string {
    this.#after.end();
    const { before, after, maxChars } = this.#options;
    const { error, warning, other } = this.#new;
    const gone = [...this.#errorsBefore].filter(([kind]) => !this.#seen.has(kind)).map(([, found]) => found);
    const count = error.size + warning.size + other.size;
    const notes = [
      this.#isKnownFull
        ? `run ${before} has more kinds of lines than are remembered; some of these are none of run ${after} alone`
        : "",
      this.#isNewFull ? `more than ${maxNewKinds} new kinds; the rest is not shown` : "",
      this.#hasGap ? "output of these runs is lost; what stood there is not compared" : "",
    ];
    const told = count === 0 ? "nothing new" : `${this.#newLines} new lines of ${count} kinds`;
    const head = [`run ${after} against run ${before}: ${told}`, ...notes.filter((note) => note !== "")].join("\n");
    const list = (kinds: Iterable<Kind>, run: number): string[] =>
      [...kinds].map(({ text, offset, count: times }) => {
        const many = times > 1 ? `${times}× ` : "";
        return `  ${many}${shorten(text, 200)} @${run}.${offset}`;
      });
    const parts = [
      { title: `new errors (${error.size}):`, lines: list(error.values(), after), share: 0.6 },
      { title: `errors no more (${gone.length}):`, lines: list(gone, before), share: 0.4 },
      { title: `new warnings (${warning.size}):`, lines: list(warning.values(), after), share: 0.5 },
      { title: `new lines (${other.size}):`, lines: list(other.values(), after), share: 1 },
    ];
    return fitParts(`${head}\n`, parts, maxChars);
  }

  #learn(item: Item): void {
    const line = this.#lineOf(item);
    if (line === null) return;
    const kind = kindOf(line);
    if (this.#known.size < maxKnownKinds) this.#known.add(kind);
    else this.#isKnownFull ||= !this.#known.has(kind);
    if (judgeLine(line.text) === "error" && this.#errorsBefore.size < maxNewKinds)
      addTo(this.#errorsBefore, kind, line);
  }

  #judge(item: Item): void {
    const line = this.#lineOf(item);
    if (line === null) return;
    const kind = kindOf(line);
    if (this.#errorsBefore.has(kind)) this.#seen.add(kind);
    if (this.#known.has(kind)) return;
    this.#newLines++;
    const kinds = this.#new[judgeLine(line.text) ?? "other"];
    if (kinds.has(kind) || kinds.size < maxNewKinds) addTo(kinds, kind, line);
    else this.#isNewFull = true;
  }

  #lineOf(item: Item): Line | null {
    if (item.type === "gap") this.#hasGap = true;
    return item.type === "gap" || item.text.trim() === "" ? null : item;
  }
}

function addTo(kinds: Map<number, Kind>, kind: number, line: Line): void {
  const known = kinds.get(kind);
  if (known === undefined)
    kinds.set(kind, { text: line.text.trim().slice(0, maxKindChars).toWellFormed(), offset: line.start, count: 1 });
  else known.count++;
}

/** 53 bits of the line's kind: of 200,000 kinds two share one in about one of 450,000 comparisons. */
function kindOf({ text }: Line): number {
  const template = templateOf(text, false).trim();
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let at = 0; at < template.length; at++) {
    const code = template.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high = Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low = Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}
