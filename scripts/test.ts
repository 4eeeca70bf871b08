// Everything that must be true of a change, cheapest first, up to the first red.

import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { endWithLauncher } from "./end-with-launcher.ts";

endWithLauncher();
const root = path.resolve(import.meta.dirname, "..");
const bundles = await mkdtemp(path.join(tmpdir(), "longwire-deploy-"));

const steps: readonly { readonly name: string; readonly command: readonly [string, ...string[]] }[] = [
  { name: "build", command: ["node", "scripts/build.ts"] },
  { name: "format", command: ["oxfmt", "--check"] },
  { name: "lint", command: ["oxlint"] },
  { name: "types", command: ["tsc", "--build", "--force"] },
  { name: "spec", command: ["node", "scripts/check-spec.ts"] },
  { name: "deploy (dry run)", command: ["wrangler", "deploy", "--dry-run", "--outdir", bundles] },
  { name: "outside tools", command: ["npx", "-y", "pnpm@12", "--dir", "test/outside", "install", "--frozen-lockfile"] },
  { name: "tests", command: ["vitest", "run"] },
];

// The deploy check talks to nobody and asks nobody.
const env = { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_WRITE_LOGS: "false" };

const runStep = async ([program, ...args]: readonly [string, ...string[]]): Promise<boolean> => {
  const child = spawn(program, args, { cwd: root, env, stdio: ["ignore", "inherit", "inherit"] });
  const forward = (signal: NodeJS.Signals): void => void child.kill(signal);
  process.on("SIGINT", forward).on("SIGTERM", forward);
  try {
    return await new Promise<boolean>((resolve, reject) => {
      child.once("error", reject).once("close", (code) => resolve(code === 0));
    });
  } finally {
    process.off("SIGINT", forward).off("SIGTERM", forward);
  }
};

const summary: string[] = [];
try {
  for (const { name, command } of steps) {
    if (process.exitCode !== undefined) {
      summary.push(`  -     ${"".padStart(7)}  ${name}`);
      continue;
    }
    console.log(`\n> ${name}: ${command.join(" ")}`);
    const startedAt = performance.now();
    const passed = await runStep(command);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    summary.push(`  ${passed ? "ok   " : "FAIL "} ${`${seconds} s`.padStart(7)}  ${name}`);
    if (!passed) process.exitCode = 1;
  }
} finally {
  await rm(bundles, { recursive: true, force: true });
}
console.log(`\n${summary.join("\n")}\n\n${process.exitCode === undefined ? "passed" : "failed"}`);
