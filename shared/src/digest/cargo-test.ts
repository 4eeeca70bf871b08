// cargo test: `test name ... FAILED`, `thread 'name' panicked at place:` with the reason on the next line, and a total
// for each binary, which are added up.

import { readCounts, type Recogniser } from "./recogniser.ts";

const failed = /^test (\S.{0,500}?)(?: - should panic)? \.\.\. FAILED$/;
const panicked = /^thread '([^']{1,300})'(?: \(\d+\))? panicked at (\S{1,300}):$/;
const totals = /^test result: (?:ok|FAILED)\. (.{1,200}); finished in ([\d.]{1,12}s)$/;

export function recogniseCargoTest(): Recogniser {
  let panic: { readonly thread: string; readonly at: string } | null = null;
  return {
    take: (line, findings) => {
      const { text } = line;
      if (panic !== null) {
        if (findings.failing.has(panic.thread)) findings.fail(panic.thread, line.start, text);
        findings.error(line);
        findings.trace(`panicked: ${text}`, line.start, [panic.at]);
        panic = null;
        return true;
      }
      const found = failed.exec(text)?.[1];
      if (found !== undefined) findings.fail(found, line.start);
      const [, thread, at] = panicked.exec(text) ?? [];
      if (thread !== undefined && at !== undefined) panic = { thread, at };
      const [, counts, duration] = totals.exec(text) ?? [];
      if (counts !== undefined && duration !== undefined) {
        const nonzero = [...readCounts(counts)].filter(([word, number]) => number > 0 && word !== "measured");
        findings.total({ tool: "cargo test", counts: new Map(nonzero), duration, offset: line.start }, true);
      }
      if (found !== undefined || thread !== undefined || counts !== undefined) return true;
      return /^(?:test \S.* \.\.\. |error: test failed, |running \d+ tests?$|failures:$|---- )/.test(text);
    },
  };
}
