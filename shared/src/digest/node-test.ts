// node:test as it prints for people: `▶ suite`, `  ✖ test (1.2ms)`, `ℹ fail 2`, and each failure again at the end with
// its reason. A suite that failed because of its tests is none of its own.

import type { Recogniser } from "./recogniser.ts";

const entry = /^( {0,64})([▶✖]) (\S.{0,500}?)(?: \((\d[\d.]{0,20}m?s)\))?$/;
const count = /^ℹ (tests|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]{1,20})$/;
const words: Readonly<Record<string, string>> = { pass: "passed", fail: "failed" };

export function recogniseNodeTest(): Recogniser {
  let suites: { readonly depth: number; readonly name: string }[] = [];
  /** Full names by the test's own, for the second time it is told. */
  const known = new Map<string, string>();
  let isSummary = false;
  let name: string | null = null;
  return {
    take: (line, findings) => {
      const { text } = line;
      if (text === "✖ failing tests:") {
        isSummary = true;
        return true;
      }
      const found = entry.exec(text);
      if (found !== null) {
        const [, indent = "", mark, title = ""] = found;
        const depth = indent.length;
        const isSuite = suites.some((suite) => suite.depth === depth && suite.name === title);
        suites = suites.filter((suite) => suite.depth < depth);
        if (mark === "▶") suites.push({ depth, name: title });
        else if (isSummary) name = known.get(title) ?? title;
        else if (!isSuite) {
          const full = [...suites.map((suite) => suite.name), title].join(" > ");
          if (known.size < 1000) known.set(title, full);
          findings.fail(full, line.start);
        }
        return true;
      }
      if (name !== null && text.trim() !== "") {
        findings.explain(name, line);
        name = null;
        return true;
      }
      const counted = count.exec(text);
      if (counted === null) return text.startsWith("test at ");
      const [, what = "", number = ""] = counted;
      if (what === "duration_ms") findings.took("node:test", `${Math.round(Number(number))}ms`);
      else if (Number(number) > 0) {
        const counts = new Map([[words[what] ?? what, Number(number)]]);
        // Each line brings one of the counts; a run that begins anew gives all of them again.
        findings.total({ tool: "node:test", counts, duration: "", offset: line.start }, what !== "tests");
      }
      return true;
    },
  };
}
