/**
 * `node test/bench/redaction.ts`: how fast output is masked, beside a plain copy and a search for one byte in the same run.
 * The output is the bundler's report on the runner, line by line, in chunks as they are read from a pipe. Time is the
 * processor's, so that others on the machine count little; each figure is the best of some rounds.
 */
import { randomBytes } from "node:crypto";
import process from "node:process";
import { fileURLToPath } from "node:url";

import { indexOf } from "@longwire/runner/src/redact/needles.ts";
import { Redactor } from "@longwire/runner/src/redact/redactor.ts";
import { analyzeMetafile, build } from "esbuild";

const ROUNDS = 7;
const CHUNK_BYTES = 64 * 1024;
const TOTAL_BYTES = 32 * 1024 * 1024;
const VALUES = 30;

const chunks = cut(await createLog());
const values = Array.from({ length: VALUES }, (_, at) => randomBytes(18).toString(at % 2 === 0 ? "base64" : "hex"));
const beganAt = spentMs();
const index = indexOf({ values, patterns: [] });
console.log(`made ready in ${(spentMs() - beganAt).toFixed(1)} ms: ${VALUES} values and the usual shapes`);

const copy = Buffer.alloc(CHUNK_BYTES);
report("copy", () => (chunk) => void chunk.copy(copy));
report("search for one byte", () => (chunk) => void chunk.indexOf(0));
report("find windows", () => (chunk) => index.scan(chunk, () => {}));
report("mask", () => {
  const redactor = new Redactor(index);
  return (chunk) => void redactor.feed(chunk);
});

function report(name: string, begin: () => (chunk: Buffer) => void): void {
  let best = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const take = begin();
    const before = spentMs();
    for (const chunk of chunks) take(chunk);
    best = Math.max(best, TOTAL_BYTES / 1e3 / (spentMs() - before));
  }
  console.log(`${name.padEnd(20)} ${best.toFixed(0).padStart(6)} MB/s`);
}

function spentMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

async function createLog(): Promise<Buffer> {
  const entry = fileURLToPath(new URL("../../runner/src/cli/main.ts", import.meta.url));
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    format: "esm",
    platform: "node",
    packages: "external",
  });
  return Buffer.from(await analyzeMetafile(metafile, { verbose: true }));
}

function cut(log: Buffer): Buffer[] {
  const all = Buffer.concat(Array.from({ length: Math.ceil(TOTAL_BYTES / log.byteLength) }, () => log));
  const count = TOTAL_BYTES / CHUNK_BYTES;
  return Array.from({ length: count }, (_, at) => all.subarray(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES));
}
