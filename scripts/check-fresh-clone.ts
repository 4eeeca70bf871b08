// The first minutes of a new user: a clone of what is committed, empty package caches, and the two commands of the
// README typed as they stand there. Takes several minutes and the network.
//
//   node scripts/check-fresh-clone.ts [--start-only]

import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "longwire-fresh-"));
const clone = path.join(folder, "longwire");

/** The user's own Node comes first in PATH: nothing of this workspace may help. */
const ownPath = (process.env["PATH"] ?? "").split(":").filter((entry) => !entry.includes("node_modules"));
const environment = {
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm|pnpm)_|^NODE/i.test(name))),
  PATH: ownPath.join(":"),
  npm_config_cache: path.join(folder, "npm"),
  XDG_DATA_HOME: path.join(folder, "data"),
  XDG_CACHE_HOME: path.join(folder, "cache"),
  XDG_STATE_HOME: path.join(folder, "state"),
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const seconds = (since: number): string => `${((performance.now() - since) / 1000).toFixed(1)} s`;

async function tryStart(): Promise<void> {
  const since = performance.now();
  const args = ["-y", "pnpm@12", "start", "--json", "--port", "0", "--data", path.join(folder, "own"), "--allow-all"];
  const child = spawn("npx", [...args, "--allow-root"], {
    cwd: clone,
    env: environment,
    stdio: ["ignore", "pipe", "inherit"],
    detached: true,
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const lines: string[] = [];
  const first = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    first.resolve(line);
  });
  try {
    const line = await Promise.race([first.promise, ended.then(() => Promise.reject(new Error("start ended early")))]);
    const ready = JSON.parse(line) as { url: string; token: string };
    say(`start: ready after ${seconds(since)}`);
    const response = await fetch(`${ready.url}/v1/machines/-/processes`, {
      method: "POST",
      headers: { Authorization: `Bearer ${ready.token}`, "Content-Type": "application/json" },
      body: JSON.stringify({ command: "node --version; sleep 1000" }),
    });
    if (response.status !== 201) throw new Error(`a start answered ${response.status}: ${await response.text()}`);
    say(`start: a command runs after ${seconds(since)}`);
  } finally {
    // As Ctrl-C: the whole group of the terminal gets it.
    if (child.pid !== undefined) process.kill(-child.pid, "SIGINT");
    await ended;
  }
  if (lines.length !== 1) throw new Error(`stdout has ${lines.length} lines, not one:\n${lines.join("\n")}`);
}

function tryTest(): void {
  const since = performance.now();
  execFileSync("npx", ["-y", "pnpm@12", "test"], { cwd: clone, env: environment, stdio: "inherit" });
  say(`test: green after ${seconds(since)}`);
}

try {
  execFileSync("git", ["clone", "--quiet", root, clone]);
  await tryStart();
  if (!process.argv.includes("--start-only")) tryTest();
} finally {
  rmSync(folder, { recursive: true, force: true });
}
