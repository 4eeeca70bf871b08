// jest: `  ● suite › test`, the reason on the next line with text, totals at the end.

import { readCounts, type Recogniser } from "./recogniser.ts";

const failed = /^ {2}● (\S.{0,500})$/;
const notTests = /^(?:Console|Test suite failed to run|Cannot log after tests are done.*|Deprecation Warning.*)$/;

export function recogniseJest(): Recogniser {
  let name: string | null = null;
  let file = "";
  let isWarned = false;
  return {
    take: (line, findings) => {
      const { text } = line;
      const found = failed.exec(text)?.[1];
      if (found !== undefined && (found === "Test suite failed to run" || !notTests.test(found))) {
        name = found === "Test suite failed to run" ? `${file}: ${found}` : found;
        findings.fail(name, line.start);
        return true;
      }
      if (name !== null && text.trim() !== "") {
        findings.explain(name, line);
        name = null;
        return true;
      }
      if (isWarned && text.trim() !== "") {
        isWarned = false;
        findings.warning(line, text.trim());
        return true;
      }
      isWarned ||= /^ {4}console\.warn$/.test(text);
      const suite = /^(?:FAIL|PASS) (\S.{0,300})$/.exec(text);
      if (suite !== null) file = suite[1]!;
      const counts = /^Tests: {2,8}(\d.{0,200})$/.exec(text)?.[1];
      if (counts !== undefined) {
        findings.total({ tool: "jest", counts: readCounts(counts), duration: "", offset: line.start });
      }
      const took = /^Time: {2,9}([\d.]{1,12} m?s)/.exec(text)?.[1];
      if (took !== undefined) findings.took("jest", took);
      return isWarned || suite !== null || counts !== undefined || /^(?:Test Suites|Snapshots|Time): /.test(text);
    },
  };
}
