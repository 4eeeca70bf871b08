// `pnpm conform [FILE…]`: the end-to-end tests, each product behind a proxy that records what it is asked and answers, and
// what was recorded is held to the document; then once more behind one that judges each answer. Takes long: each test runs
// twice. Ends with 1 where an answer is not as the document has it, or an operation was never asked.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { findDrift, type Problem } from "./redocly.ts";
import type { Via } from "./stand-before.ts";

/** Files that put themselves between, or look at what no proxy leaves as it is: addresses, headers, broken connections. */
const notThrough = [
  "openapi",
  "fuzzed",
  "front-door",
  "proxy",
  "joining",
  "ending",
  "client-worker",
  "security",
  "rate-limits",
  "tokens",
];
/** Sockets, which have tests of their own; and what no test of these files does. */
const notAsked = ["openLink", "openViewerSocket"];

const asked = process.argv.slice(2).filter((arg) => arg !== "--");
const all = globSync("test/e2e/**/*.e2e.test.ts").toSorted();
const files =
  asked.length > 0 ? asked : all.filter((file) => !notThrough.includes(path.basename(file, ".e2e.test.ts")));

async function runTests(via: Via, folder: string): Promise<void> {
  const env = { ...process.env, LONGWIRE_CONFORM: `${via}:${folder}` };
  const child = spawn("vitest", ["run", "--project", "e2e", ...files], { env, stdio: "inherit" });
  const [code] = (await once(child, "close")) as [number | null];
  console.log(code === 0 ? `${via}: all tests passed` : `${via}: some tests did not pass behind a proxy`);
}

/** Whether it is about an answer, or a request that was taken: those that were refused are wrong on purpose. */
const counts = ({ status = 0, target }: Problem): boolean => target === "response" || status < 400;

async function compareRecorded(folder: string): Promise<readonly string[]> {
  const uncovered: Set<string>[] = [];
  const wrongs: string[] = [];
  let exchanges = 0;
  for (const har of globSync("*.har", { cwd: folder })) {
    const first = /"url": ?"(http:\/\/127\.0\.0\.1:\d+)/.exec(readFileSync(path.join(folder, har), "utf8"))?.[1];
    if (first === undefined) continue;
    const drift = await findDrift(folder, har, first);
    exchanges += drift.exchanges;
    uncovered.push(new Set(drift.uncovered));
    const found = drift.problems.filter(counts);
    wrongs.push(...found.map(({ message, method, url, status }) => `${method} ${url} (${status}): ${message}`));
  }
  const [one = new Set<string>(), ...others] = uncovered;
  const never = [...one].filter((id) => others.every((ids) => ids.has(id)) && !notAsked.includes(id));
  console.log(`recorded: ${exchanges} requests to ${uncovered.length} products, ${wrongs.length} that differ`);
  if (asked.length > 0) return wrongs;
  return [...wrongs, ...never.map((id) => `${id} was never asked`)];
}

function readJudged(folder: string): readonly string[] {
  const logs = globSync("*.log", { cwd: folder }).map((log) => readFileSync(path.join(folder, log), "utf8"));
  const violations = logs.flatMap((log) => log.split("\n").filter((line) => /violation/i.test(line)));
  const judged = logs.join("").split("Received forward response").length - 1;
  console.log(`judged: ${judged} answers of ${logs.length} products, ${violations.length} violations`);
  return violations;
}

const folder = mkdtempSync(path.join(tmpdir(), "longwire-conform-"));
try {
  await runTests("recording", folder);
  await runTests("judging", folder);
  const wrongs = [...(await compareRecorded(folder)), ...readJudged(folder)];
  for (const wrong of wrongs) console.log(wrong);
  process.exitCode = wrongs.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
