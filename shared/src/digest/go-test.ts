// go test: `--- FAIL: TestName/case (0.00s)`, the reasons indented below, a line for each package. A test that failed
// because of its cases is told by them.

import type { Recogniser } from "./recogniser.ts";

const failed = /^ {0,64}--- FAIL: (\S{1,500}) \([\d.]{1,12}s\)$/;
const reason = /^ {4,68}(\w[\w.-]{0,200}\.go:\d{1,9}: .{1,400})$/;
const packaged =
  /^(ok|FAIL)\s{1,4}([\w./~-]{1,300})[ \t](?:[\d.]{1,12}s|\[(build failed|setup failed)\]|\(cached\)).{0,100}$/;

export function recogniseGoTest(): Recogniser {
  let name: string | null = null;
  let parents: { readonly name: string; readonly offset: number }[] = [];
  return {
    take: (line, findings) => {
      const { text } = line;
      const found = failed.exec(text)?.[1];
      if (found !== undefined) {
        // Told only if no case of it follows.
        parents = parents.filter((parent) => found !== parent.name && !found.startsWith(`${parent.name}/`));
        for (const parent of parents) findings.fail(parent.name, parent.offset);
        parents = [{ name: found, offset: line.start }];
        name = found;
        return true;
      }
      const why = reason.exec(text)?.[1];
      if (why !== undefined && name !== null) {
        findings.explain(name, line, why);
        parents = [];
        return true;
      }
      const [, state, path, broken] = packaged.exec(text) ?? [];
      if (state !== undefined && path !== undefined) {
        for (const parent of parents) findings.fail(parent.name, parent.offset);
        parents = [];
        name = null;
        if (broken !== undefined) findings.fail(`${path} [${broken}]`, line.start);
        const counts = new Map([[state === "ok" ? "packages passed" : "packages failed", 1]]);
        findings.total({ tool: "go test", counts, duration: "", offset: line.start }, true);
        return true;
      }
      return /^(?:=== (?:RUN|PAUSE|CONT|NAME)| {0,64}--- (?:PASS|SKIP): |FAIL$|PASS$)/.test(text);
    },
    end: (findings) => {
      for (const parent of parents) findings.fail(parent.name, parent.offset);
    },
  };
}
