// Findings as a text within a budget: what tells most comes first.

import { describeGap } from "../render/render.ts";
import type { OutputGap } from "../render/line.ts";
import { fitParts, shorten, type Part } from "./fit-parts.ts";
import type { ErrorPlace, FailingTest, Findings, Found, TestTotals, Trace } from "./findings.ts";

export interface DigestFrame {
  readonly maxChars: number;
  readonly run: number;
  readonly lines: number;
  readonly from: number;
  readonly to: number;
  readonly gaps: readonly OutputGap[];
  readonly gapCount: number;
}

const maxLine = 200;

/** The digest; each place as `@run.offset`, the cursor to read on from there. */
export function composeDigest(findings: Findings, frame: DigestFrame): string {
  const cursor = (offset: number): string => `@${frame.run}.${offset}`;
  const parts: Part[] = [
    { title: "", lines: [...findings.totals.values()].map((totals) => describeTotals(totals, cursor)), share: 0.3 },
    { title: `failing tests (${findings.failingCount}):`, lines: listFailing(findings, cursor, frame), share: 0.5 },
    { title: "first error:", lines: describePlace(findings.first, cursor), share: 0.45 },
    { title: "announced:", lines: listFound(findings.announced, cursor), share: 0.2 },
    { title: "took:", lines: listFound(findings.durations, cursor).slice(-5), share: 0.2 },
    {
      title: "stack traces:",
      lines: [...findings.traces.values()].map((one) => describeTrace(one, cursor)),
      share: 0.4,
    },
    { title: counted("errors", findings.errorCount, findings.errors), lines: listErrors(findings, cursor), share: 0.4 },
    {
      title: counted("warnings", findings.warningCount, findings.warnings),
      lines: listWarnings(findings, cursor),
      share: 0.5,
    },
    { title: "last error:", lines: describeLast(findings, cursor), share: 0.9 },
    { title: "lost:", lines: frame.gaps.map(describeGap), share: 1 },
  ];
  const nothing = findings.errorCount + findings.warningCount + findings.failingCount === 0;
  const size = `${frame.lines} lines, ${frame.to - frame.from} bytes, ${cursor(frame.from)} to ${cursor(frame.to)}`;
  const head = nothing ? `${size}\nno errors, warnings or failing tests found\n` : `${size}\n`;
  return fitParts(head, parts, frame.maxChars);
}

type Cursor = (offset: number) => string;

function describeTotals({ tool, counts, duration, offset }: TestTotals, cursor: Cursor): string {
  const told = [...counts].map(([word, number]) => `${number} ${word}`).join(", ");
  return `${tool}: ${told}${duration === "" ? "" : ` in ${duration}`} ${cursor(offset)}`;
}

/** With their reasons where all of that fits; else the names alone, which tell more. */
function listFailing({ failing }: Findings, cursor: Cursor, frame: DigestFrame): string[] {
  const tests = [...failing.values()];
  const describe = ({ name, message, offset }: FailingTest): string =>
    `  ${name}${message === "" ? "" : ` — ${shorten(message, 120)}`} ${cursor(offset)}`;
  const full = tests.map(describe);
  const size = full.reduce((sum, line) => sum + line.length + 1, 0);
  return size <= frame.maxChars * 0.4 ? full : tests.map(({ name, offset }) => `  ${name} ${cursor(offset)}`);
}

function describePlace(place: ErrorPlace | null, cursor: Cursor): string[] {
  if (place === null) return [];
  const lines = place.lines.filter((line) => line.trim() !== "").map((line) => `  ${shorten(line, maxLine)}`);
  return [`  ${cursor(place.offset)}`, ...lines];
}

function describeLast({ first, last }: Findings, cursor: Cursor): string[] {
  if (last === null || last.offset === first?.offset) return [];
  const shown = new Set(first?.lines);
  return describePlace({ ...last, lines: last.lines.filter((line) => !shown.has(line)) }, cursor);
}

/** Where there is one error only, the first one says it all. */
function listErrors(findings: Findings, cursor: Cursor): string[] {
  return findings.errorCount < 2 ? [] : listFound(findings.errors, cursor);
}

/** What comes most often first. */
function listWarnings({ warnings }: Findings, cursor: Cursor): string[] {
  return listFound(new Map([...warnings].toSorted(([, a], [, b]) => b.count - a.count)), cursor);
}

function listFound(found: ReadonlyMap<string, Found>, cursor: Cursor): string[] {
  return [...found.values()].map((one) => `  ${times(one)}${shorten(one.text, maxLine)} ${cursor(one.offset)}`);
}

function describeTrace(trace: Trace, cursor: Cursor): string {
  const frames = trace.frames.map((frame) => ` < ${shorten(frame, 100)}`).join("");
  return `  ${times(trace)}${shorten(trace.text, maxLine)}${frames} ${cursor(trace.offset)}`;
}

function times({ count }: Found): string {
  return count > 1 ? `${count}× ` : "";
}

function counted(what: string, count: number, kinds: ReadonlyMap<string, Found>): string {
  return kinds.size === count ? `${what} (${count}):` : `${what} (${count} of ${kinds.size} kinds):`;
}
