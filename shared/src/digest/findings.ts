// What is found in an output, collected within bounds: of each kind so many are kept, and all are counted.

import type { Line } from "../render/line.ts";
import { templateOf } from "./template.ts";

/** Something found several times: told once, with a count and its first place. */
export interface Found {
  text: string;
  readonly offset: number;
  count: number;
}

export interface FailingTest {
  readonly name: string;
  readonly offset: number;
  /** The first line of why; empty where none was given. */
  message: string;
}

/** A test run's totals as its tool gives them. */
export interface TestTotals {
  readonly tool: string;
  readonly counts: ReadonlyMap<string, number>;
  readonly duration: string;
  readonly offset: number;
}

export interface Trace extends Found {
  /** Where it happened, the innermost first. */
  readonly frames: readonly string[];
}

/** An error with the lines around it. */
export interface ErrorPlace {
  readonly offset: number;
  readonly lines: string[];
}

/** A line's time, which says nothing about its kind. */
const time = /^\[?\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?\]?\s{1,9}/;

const maxKinds = 200;
const maxFailingTests = 1000;
const maxFoundChars = 300;
const linesBefore = 2;
const linesAfter = 5;

export class Findings {
  readonly errors = new Map<string, Found>();
  readonly warnings = new Map<string, Found>();
  readonly traces = new Map<string, Trace>();
  readonly announced = new Map<string, Found>();
  readonly durations = new Map<string, Found>();
  readonly failing = new Map<string, FailingTest>();
  readonly totals = new Map<string, TestTotals>();
  errorCount = 0;
  warningCount = 0;
  traceCount = 0;
  failingCount = 0;
  first: ErrorPlace | null = null;
  last: ErrorPlace | null = null;
  readonly #recent: string[] = [];
  /** Errors whose following lines are still being kept. */
  #open: { readonly place: ErrorPlace; left: number }[] = [];

  /** Called with every line before it is looked at. */
  next(line: Line): void {
    for (const open of this.#open) {
      open.place.lines.push(line.text);
      open.left--;
    }
    this.#open = this.#open.filter(({ left }) => left > 0);
  }

  /** Called with every line after it was looked at. */
  passed(line: Line): void {
    if (this.#recent.length === linesBefore) this.#recent.shift();
    this.#recent.push(line.text);
  }

  /** Gives what it is told as, so that a later line can add to it. */
  error(line: Line, text = line.text): Found | null {
    this.errorCount++;
    const found = count(this.errors, templateOf(text.slice(0, maxFoundChars), false), text, line.start);
    const place = { offset: line.start, lines: [...this.#recent.filter((recent) => recent.trim() !== ""), line.text] };
    const isFirst = this.first === null;
    this.first ??= place;
    this.last = place;
    const kept = this.#open.filter((open) => open.place === this.first);
    this.#open = [...kept, { place: isFirst ? this.first : place, left: linesAfter }];
    return found;
  }

  warning(line: Line, text = line.text): void {
    this.warningCount++;
    count(this.warnings, templateOf(text.slice(0, maxFoundChars), true), text, line.start);
  }

  trace(head: string, offset: number, frames: readonly string[]): void {
    this.traceCount++;
    const key = `${templateOf(head.slice(0, maxFoundChars), false)}\n${frames[0] ?? ""}`;
    const known = this.traces.get(key);
    if (known !== undefined) known.count++;
    else if (this.traces.size < maxKinds) this.traces.set(key, { text: clip(head), offset, count: 1, frames });
  }

  /** A test that failed; told again, it may bring the reason with it. */
  fail(name: string, offset: number, message = ""): void {
    const known = this.failing.get(name);
    if (known !== undefined) {
      if (known.message === "") known.message = clip(message);
      return;
    }
    this.failingCount++;
    if (this.failing.size < maxFailingTests)
      this.failing.set(clip(name), { name: clip(name), offset, message: clip(message) });
  }

  /** A line with the reason why a test failed. */
  explain(name: string, line: Line, why = line.text.trim()): void {
    this.fail(name, line.start, why);
    this.error(line, why);
  }

  /** Totals of a tool; the last ones count, or where `isPart` their sum. */
  total(totals: TestTotals, isPart = false): void {
    const before = isPart ? this.totals.get(totals.tool) : undefined;
    const counts = new Map(before?.counts);
    for (const [word, number] of totals.counts) counts.set(word, (counts.get(word) ?? 0) + number);
    this.totals.set(totals.tool, { ...totals, counts });
  }

  /** Adds a duration to a tool's totals, which came before it. */
  took(tool: string, duration: string): void {
    const totals = this.totals.get(tool);
    if (totals !== undefined) this.totals.set(tool, { ...totals, duration });
  }

  announce(what: string, line: Line): void {
    count(this.announced, what, what, line.start);
  }

  duration(line: Line): void {
    count(this.durations, templateOf(line.text.slice(0, maxFoundChars), false), line.text.trim(), line.start);
  }
}

function count(kinds: Map<string, Found>, key: string, text: string, offset: number): Found | null {
  const known = kinds.get(key);
  if (known !== undefined) {
    known.count++;
    return known;
  }
  if (kinds.size >= maxKinds) return null;
  const found = { text: clip(text.replace(time, "").trim()), offset, count: 1 };
  kinds.set(key, found);
  return found;
}

function clip(text: string): string {
  return text.length <= maxFoundChars ? text : `${text.slice(0, maxFoundChars).toWellFormed()}…`;
}
