// vitest: ` FAIL  file > suite > test`, the reason on the next line, totals at the end.

import { readCounts, type Recogniser } from "./recogniser.ts";

const failed = /^ {0,2}(?:❯ )?FAIL {2}(\S.{0,500})$/;
const totals = /^ {2,8}Tests {2}(\d.{0,200}?)(?: \(\d+\))?$/;
const duration = /^ {0,4}Duration {2}([\d.]{1,12} ?m?s)/;
const other = /^ {0,8}(?:Test Files|Start at|Type Errors|Errors) {2}|^⎯+|^ {0,6}[❯✓×↓] /;

export function recogniseVitest(): Recogniser {
  let name: string | null = null;
  return {
    take: (line, findings) => {
      const { text } = line;
      if (name !== null && text !== "" && !failed.test(text)) {
        findings.fail(name, line.start, text);
        name = null;
        if (/^[A-Z]\w{0,60}(?:Error|Exception)?: /.test(text)) findings.error(line);
        return true;
      }
      const found = failed.exec(text)?.[1];
      if (found !== undefined) {
        findings.fail(found, line.start);
        name = found;
        return true;
      }
      const counts = totals.exec(text)?.[1];
      if (counts !== undefined) {
        findings.total({ tool: "vitest", counts: readCounts(counts), duration: "", offset: line.start });
        return true;
      }
      const took = duration.exec(text)?.[1];
      if (took !== undefined) findings.took("vitest", took);
      return took !== undefined || other.test(text);
    },
  };
}
