// Records the outputs of real tools again: `node test/outputs/record.ts [NAME]…`, on Linux. A tool that is not there is
// passed over and its recording stays. What is kept is what the tool printed, byte by byte, but for the folder it ran in.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { recordings, type Recording } from "./recordings.ts";

const root = path.resolve(import.meta.dirname, "../..");
const recorded = path.join(import.meta.dirname, "recorded");
const index = path.join(recorded, "versions.json");

const env = {
  ...process.env,
  PATH: [`${root}/node_modules/.bin`, `${root}/test/node_modules/.bin`, process.env["PATH"]].join(":"),
  TERM: "xterm-256color",
  // What the recording machine's own set-up would add.
  CI: "",
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
  PIP_DISABLE_PIP_VERSION_CHECK: "1",
  RUST_BACKTRACE: undefined,
  npm_config_userconfig: "/dev/null",
  npm_config_registry: execFileSync("npm", ["config", "get", "registry"], { encoding: "utf8" }).trim(),
  npm_config_update_notifier: "false",
};

const runIn = (folder: string, command: string, tty: boolean): Buffer => {
  const argv = tty
    ? ["script", "-qec", `stty cols 100 rows 30; ${command}`, "/dev/null"]
    : ["sh", "-c", `exec 2>&1; ${command}`];
  const { stdout } = spawnSync(argv[0]!, argv.slice(1), { cwd: folder, env, maxBuffer: 64 * 1024 * 1024, input: "" });
  return stdout;
};

const prepare = (folder: string, { files, packages }: Recording): void => {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  for (const name of packages ?? []) {
    mkdirSync(path.join(folder, "node_modules"), { recursive: true });
    const from = name === "vite" ? path.join(root, "test/node_modules") : path.join(root, "node_modules");
    symlinkSync(path.join(from, name), path.join(folder, "node_modules", name));
  }
  if (files["install.sh"] !== undefined) execFileSync("sh", ["install.sh"], { cwd: folder, env, stdio: "ignore" });
};

/** The recording's bytes with the folder's name replaced, wherever a tool prints it. */
const withoutFolder = (output: Buffer, folder: string): Buffer =>
  Buffer.from(output.toString("latin1").replaceAll(folder, "/home/me/app"), "latin1");

const record = (recording: Recording): string | null => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "recording-"));
  try {
    prepare(folder, recording);
    const version = spawnSync("sh", ["-c", recording.version], { cwd: folder, env, encoding: "utf8" });
    if (version.status !== 0) return null;
    const output = withoutFolder(runIn(folder, recording.command, recording.tty ?? false), folder);
    writeFileSync(path.join(recorded, `${recording.name}.out`), output);
    return (version.stdout || version.stderr).split("\n")[0]!.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

const wanted = process.argv.slice(2);
const versions = JSON.parse(readFileSync(index, "utf8")) as Record<string, string>;
for (const recording of recordings) {
  if (wanted.length > 0 && !wanted.includes(recording.name)) continue;
  const version = record(recording);
  if (version === null) console.error(`${recording.name}: not here`);
  else versions[recording.name] = version;
}
writeFileSync(index, `${JSON.stringify(versions, null, 2)}\n`);
