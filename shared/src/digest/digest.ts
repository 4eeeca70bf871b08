// The least of an output that tells how it went, from its text alone: totals and names of tests that failed, the first
// and the last error with the lines around them, kinds of errors and warnings with their counts, stack traces once,
// addresses and durations. Each with the place it stands at.
//
//   pieces ─► LineReader ─► recognisers of tools ─► (the general one) ─► Findings ─► text

import type { DecodeText } from "../line-search.ts";
import { LineReader } from "../render/line-reader.ts";
import type { Item, OutputGap, OutputPiece } from "../render/line.ts";
import { recogniseAnnouncements } from "./announcements.ts";
import { recogniseCargoTest } from "./cargo-test.ts";
import { recogniseCompilers } from "./compilers.ts";
import { composeDigest } from "./compose-digest.ts";
import { Findings } from "./findings.ts";
import { recogniseGeneralLines } from "./general-lines.ts";
import { recogniseGoPanic } from "./go-panic.ts";
import { recogniseGoTest } from "./go-test.ts";
import { recogniseJest } from "./jest.ts";
import { recogniseNodeTest } from "./node-test.ts";
import { recognisePytest } from "./pytest.ts";
import { recognisePythonTraceback } from "./python-traceback.ts";
import type { Recogniser } from "./recogniser.ts";
import { recogniseStackAt } from "./stack-at.ts";
import { recogniseSurefire } from "./surefire.ts";
import { recogniseTap } from "./tap.ts";
import { recogniseVitest } from "./vitest.ts";

export interface DigestOptions {
  readonly decode: DecodeText;
  readonly maxChars: number;
  /** The run, for its cursors. */
  readonly run: number;
}

/** Test tools first: of two that know a line, both hear of it, and the first one's word is told. */
const makers: readonly (() => Recogniser)[] = [
  recogniseVitest,
  recogniseJest,
  recogniseNodeTest,
  recogniseTap,
  recognisePytest,
  recogniseGoTest,
  recogniseCargoTest,
  recogniseSurefire,
  recogniseGoPanic,
  recognisePythonTraceback,
  recogniseCompilers,
];

/** Digests what it is given piece by piece, in bounded memory. */
export class Digester {
  readonly #options: DigestOptions;
  readonly #reader: LineReader;
  readonly #findings = new Findings();
  readonly #tools = makers.map((make) => make());
  /** These look at lines whoever knows them. */
  readonly #beside = [recogniseStackAt(), recogniseAnnouncements()];
  readonly #general = recogniseGeneralLines();
  readonly #gaps: OutputGap[] = [];
  #gapCount = 0;
  #lines = 0;
  /** Whether the line before is blank. Of those that follow each other one says all. */
  #isBlank = false;

  constructor(options: DigestOptions) {
    this.#options = options;
    this.#reader = new LineReader(options.decode, (item) => this.#look(item));
  }

  take(piece: OutputPiece): void {
    this.#reader.take(piece);
  }

  gap(gap: OutputGap): void {
    this.#reader.gap(gap);
  }

  /** The digest, at most as long as the budget. */
  end(): string {
    this.#reader.end();
    for (const recogniser of [...this.#tools, ...this.#beside]) recogniser.end?.(this.#findings);
    return composeDigest(this.#findings, {
      maxChars: this.#options.maxChars,
      run: this.#options.run,
      lines: this.#lines,
      from: this.#reader.from,
      to: this.#reader.to,
      gaps: this.#gaps,
      gapCount: this.#gapCount,
    });
  }

  #look(item: Item): void {
    if (item.type === "gap") {
      this.#gapCount++;
      if (this.#gaps.length < 10) this.#gaps.push(item);
      return;
    }
    this.#lines++;
    const isBlank = item.text.trim() === "";
    const isMoreBlank = isBlank && this.#isBlank;
    this.#isBlank = isBlank;
    if (isMoreBlank) return;
    this.#findings.next(item);
    let isKnown = false;
    for (const tool of this.#tools) {
      if (tool.take(item, this.#findings)) {
        isKnown = true;
        break;
      }
    }
    for (const recogniser of this.#beside) if (recogniser.take(item, this.#findings)) isKnown = true;
    if (!isKnown) this.#general.take(item, this.#findings);
    this.#findings.passed(item);
  }
}
