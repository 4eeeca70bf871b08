// The Test Anything Protocol, versions 13 and 14: `not ok 3 - name`, with subtests indented under `# Subtest: name`.

import type { Recogniser } from "./recogniser.ts";

const result = /^( {0,64})(not )?ok\b(?: \d{1,9})?(?: -)? ?(.{0,500})$/;
const directive = / # (?:SKIP|TODO)\b/i;
const count = /^# (tests|pass|fail|cancelled|skipped|todo|duration_ms) ([\d.]{1,20})$/;
const words: Readonly<Record<string, string>> = { pass: "passed", fail: "failed" };

export function recogniseTap(): Recogniser {
  let isTap = false;
  let parents: { readonly depth: number; readonly name: string; hasFailed: boolean }[] = [];
  return {
    take: (line, findings) => {
      const { text } = line;
      if (/^TAP version 1[34]/.test(text)) isTap = true;
      if (!isTap) return false;
      const subtest = /^( {0,64})# Subtest: (.{1,500})$/.exec(text);
      if (subtest !== null) {
        const depth = subtest[1]!.length;
        parents = parents.filter((parent) => parent.depth < depth);
        parents.push({ depth, name: subtest[2]!, hasFailed: false });
        return true;
      }
      const found = result.exec(text);
      if (found !== null) {
        const [, indent = "", not, rest = ""] = found;
        const own = parents.find((parent) => parent.depth === indent.length);
        parents = parents.filter((parent) => parent.depth < indent.length);
        const hasFailed = not !== undefined && !directive.test(rest);
        if (hasFailed && own?.hasFailed !== true) {
          findings.fail([...parents.map((parent) => parent.name), rest].join(" > "), line.start);
        }
        if (hasFailed) for (const parent of parents) parent.hasFailed = true;
        return true;
      }
      const message = /^ {1,70}error: ['"]?(.{1,300}?)['"]?$/.exec(text)?.[1];
      if (message !== undefined && message !== "|-") findings.error(line, message);
      const counted = count.exec(text);
      if (counted === null) return message !== undefined;
      const [, what = "", number = ""] = counted;
      if (what === "duration_ms") findings.took("TAP", `${Math.round(Number(number))}ms`);
      else if (Number(number) > 0) {
        const counts = new Map([[words[what] ?? what, Number(number)]]);
        findings.total({ tool: "TAP", counts, duration: "", offset: line.start }, what !== "tests");
      }
      return true;
    },
  };
}
