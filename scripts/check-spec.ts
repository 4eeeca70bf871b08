// SPEC.md and the tests hold each other: every rule there is proved by a test, every test proves a rule.
// A rule is a list item `- **[D4]** …`; a test cites it at the beginning of its title, `[D4] a repeated batch …`.

import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { findTests } from "./find-tests.ts";

const root = path.resolve(import.meta.dirname, "..");
const specFile = "SPEC.md";

type Rules = { readonly lines: ReadonlyMap<string, number>; readonly problems: readonly string[] };

const readRules = (): Rules => {
  const lines = new Map<string, number>();
  const problems: string[] = [];
  const spec = readFileSync(path.join(root, specFile), "utf8").split("\n");
  for (const [index, line] of spec.entries()) {
    const rule = /^\s*- \*\*\[([A-Z]+\d+)\]\*\*/.exec(line)?.[1];
    if (rule === undefined) continue;
    const first = lines.get(rule);
    if (first === undefined) lines.set(rule, index + 1);
    else problems.push(`${specFile}:${index + 1}: [${rule}] is already the rule of line ${first}`);
  }
  if (lines.size === 0) problems.push(`${specFile}:1: no rule found; one looks like "- **[D4]** …"`);
  return { lines, problems };
};

const listTestFiles = (): string[] =>
  globSync("**/*.test.ts", { cwd: root, exclude: ["**/node_modules", "**/dist", ".git"] }).toSorted();

/** Everything that is wrong, each as `file:line: what`. */
export const checkSpec = (): string[] => {
  const rules = readRules();
  const problems = [...rules.problems];
  const proved = new Set<string>();
  for (const file of listTestFiles()) {
    for (const test of findTests(readFileSync(path.join(root, file), "utf8"))) {
      const at = `${file}:${test.line}`;
      if (test.title === undefined) {
        problems.push(`${at}: the title must be written out, so that its rule can be read`);
        continue;
      }
      const cited = [.../^(\[[A-Z]+\d+\]\s*)*/.exec(test.title)![0].matchAll(/[A-Z]+\d+/g)].map(([rule]) => rule);
      if (cited.length === 0) problems.push(`${at}: "${test.title}" cites no rule of ${specFile}`);
      for (const rule of cited) {
        if (!rules.lines.has(rule)) problems.push(`${at}: [${rule}] is no rule of ${specFile}`);
        else if (test.runs) proved.add(rule);
      }
    }
  }
  for (const [rule, line] of rules.lines) {
    if (!proved.has(rule)) problems.push(`${specFile}:${line}: no test cites [${rule}]`);
  }
  return problems;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const problems = checkSpec();
  for (const problem of problems) console.error(problem);
  if (problems.length > 0) process.exitCode = 1;
}
