// Maven and its tests: Surefire's lines for each test that failed (version 2 and 3), its totals at the end, and what
// the compiler plug-in and the build itself say. Gradle's `Class > test FAILED` too.

import type { Recogniser } from "./recogniser.ts";

const totals =
  /^\[(?:INFO|ERROR|WARNING)\] Tests run: (\d{1,9}), Failures: (\d{1,9}), Errors: (\d{1,9}), Skipped: (\d{1,9})$/;
const third = /^\[ERROR\] ([\w.$]{1,300}\.[^\s.]{1,200}) -- Time elapsed: [\d.]{1,12} s <<< (?:FAILURE|ERROR)!$/;
const second =
  /^\[ERROR\] ([^\s(]{1,200})\(([\w.$]{1,300})\) {1,2}Time elapsed: [\d.]{1,12} s {1,2}<<< (?:FAILURE|ERROR)!$/;
const gradle = /^(\w[\w.$]{0,300}(?: > [^>]{1,200}){1,4}) FAILED$/;
const compiled = /^\[(ERROR|WARNING)\] (\/\S{1,500}\.(?:java|kt):\[\d{1,9},\d{1,9}\] .{1,400})$/;

export function recogniseSurefire(): Recogniser {
  let name: string | null = null;
  return {
    take: (line, findings) => {
      const { text } = line;
      if (name !== null && text.trim() !== "") {
        findings.explain(name, line);
        name = null;
        // Seen by those who know stack traces too.
        return true;
      }
      const old = second.exec(text);
      const found =
        third.exec(text)?.[1] ?? gradle.exec(text)?.[1] ?? (old === null ? undefined : `${old[2]}.${old[1]}`);
      if (found !== undefined) {
        findings.fail(found, line.start);
        name = found;
        return true;
      }
      const counted = totals.exec(text);
      if (counted !== null) {
        const [tests = 0, failed = 0, errors = 0, skipped = 0] = counted.slice(1).map(Number);
        const all: [string, number][] = [
          ["failed", failed],
          ["errors", errors],
          ["skipped", skipped],
          ["tests", tests],
        ];
        const counts = new Map(all.filter(([, number]) => number > 0));
        findings.total({ tool: "Maven", counts, duration: "", offset: line.start });
        return true;
      }
      const took = /^\[INFO\] Total time: {1,2}([\d.:]{1,12} (?:s|min|h))/.exec(text)?.[1];
      if (took !== undefined) findings.took("Maven", took);
      const [, level, message] = compiled.exec(text) ?? [];
      if (level === "ERROR") findings.error(line, message);
      if (level === "WARNING") findings.warning(line, message);
      if (took !== undefined || level !== undefined) return true;
      // What repeats the above, and what explains how to ask for more.
      return /^\[(?:INFO|ERROR)\](?: (?:Tests run: |Failures:|Errors:|There are test failures|Please refer to|-> \[Help|\[Help| {1,4}[\w.$]+:\d+|\[ERROR\]|For more information|To see the full|Re-run Maven|After correcting).{0,400})?$/.test(
        text.trimEnd(),
      );
    },
  };
}
