// pytest: `FAILED file::test - reason` in its short summary; where that never came, the headings of the failures.

import { readCounts, type Recogniser } from "./recogniser.ts";

const failed = /^(?:FAILED|ERROR) (\S+?::.{1,500}?)(?: - (.{1,500}))?$/;
const heading = /^_{3,60} (?:ERROR at (?:setup|teardown) of )?([\w.[\]:<>/ -]{1,300}?) _{3,60}$/;
const totals =
  /^=* ?(\d{1,9} (?:failed|passed|skipped|errors?|xfailed|xpassed|deselected|warnings?)\b.{0,200}) in ([\d.]{1,12}s).{0,40}$/;

export function recognisePytest(): Recogniser {
  let headings: { readonly name: string; readonly offset: number }[] = [];
  let hasSummary = false;
  let isOurs = false;
  /** Whether the line before was a reason, of which only the first line is told; or a warning, whose code follows. */
  let before: "reason" | "warning" | null = null;
  return {
    take: (line, findings) => {
      const { text } = line;
      if (/^=+ test session starts =+$/.test(text)) isOurs = true;
      const found = failed.exec(text);
      if (found !== null) {
        hasSummary = true;
        findings.fail(found[1]!, line.start, found[2] ?? "");
        return true;
      }
      const counted = totals.exec(text);
      if (counted !== null) {
        const counts = readCounts(counted[1]!);
        findings.total({ tool: "pytest", counts, duration: counted[2]!, offset: line.start });
        return true;
      }
      if (!isOurs) return false;
      const name = heading.exec(text)?.[1];
      if (name !== undefined && headings.length < 1000) headings.push({ name, offset: line.start });
      const reason = /^E {1,40}(\S.{0,300})$/.exec(text)?.[1];
      if (reason !== undefined && before !== "reason") findings.error(line, reason);
      const warned = /^ {2}\S{1,300}:\d{1,9}: (\w{1,60}Warning: .{1,300})$/.exec(text)?.[1];
      if (warned !== undefined) findings.warning(line, warned);
      const isCode = before === "warning" && text.startsWith("    ");
      before = reason !== undefined ? "reason" : warned !== undefined ? "warning" : null;
      if (isCode || before !== null || name !== undefined) return true;
      return /^(?:=+ |[>_] |-- Docs: |\S{1,300}:\d{1,9}: \w{0,60}(?:Error|Exception)$)/.test(text);
    },
    end: (findings) => {
      if (!hasSummary) for (const { name, offset } of headings) findings.fail(name, offset);
      headings = [];
    },
  };
}
