// `start`: the control plane and a runner on one machine, in the foreground. Ctrl-C ends both, children included.

import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { isatty } from "node:tty";
import { fileURLToPath } from "node:url";
import { startControlPlane, type ControlPlane } from "./embedded.ts";
import { maxRetentionBytes, minRetentionBytes } from "@longwire/shared/limits.ts";
import { readRetention } from "@longwire/shared/retention.ts";
import { callingFolder, defaultDataFolder } from "@longwire/shared/node/folders.ts";
import { reasonOf } from "@longwire/shared/reason-of.ts";
import { Ending } from "./ending.ts";
import { readRateLimits, readStarts } from "./limits.ts";
import { loopbackHosts, parseStartOptions, usage, type StartOptions } from "./options.ts";
import { describeReady, type ReadyLine } from "./ready-line.ts";
import { RunnerProcess } from "./runner-process.ts";
import { makeSignInLink } from "./sign-in-link.ts";

const besideThis = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const say = (text: string): void => void process.stderr.write(`${text}\n`);

async function start(options: StartOptions): Promise<number> {
  const data = path.resolve(options.data ?? defaultDataFolder());
  const ending = new Ending();
  const controlPlane = await startControlPlane({
    scriptPath: besideThis("./worker.js"),
    dashboardDir: besideThis("./dashboard"),
    dataDir: data,
    host: options.host,
    port: options.port,
    rateLimits: readRateLimits(process.env),
    // Who is known by another name is reached by others than its owner.
    reachesLoopback: [options.host, ...options.allowHosts].every((name) => loopbackHosts.includes(name)),
    bindings: (folder) => ({
      ENROLL_KEY: enrollKeyIn(folder),
      ALLOWED_HOSTS: allowedHosts(options).join(","),
      ...retention(process.env["LONGWIRE_RETENTION_BYTES"]),
      ...readStarts(process.env),
      ...securityContact(process.env["LONGWIRE_SECURITY_CONTACT"]),
    }),
  });
  try {
    return await serve(options, data, controlPlane, ending);
  } finally {
    await controlPlane.close();
  }
}

/** Names the control plane answers to; a page of another origin that rebinds a name to it gets no further. */
function allowedHosts(options: StartOptions): string[] {
  const own = loopbackHosts.includes(options.host) ? loopbackHosts : [options.host];
  return [...own, ...options.allowHosts].map((name) => (name.includes(":") ? `[${name}]` : name));
}

/** How much of a machine's log is kept, where the user says so. Throws where it is no fitting figure. */
function retention(bytes: string | undefined): Record<string, string> {
  if (bytes === undefined) return {};
  if (readRetention(bytes) !== null) return { RETENTION_BYTES: bytes };
  throw new Error(`LONGWIRE_RETENTION_BYTES must be a whole number from ${minRetentionBytes} to ${maxRetentionBytes}.`);
}

/** Where flaws of this control plane are reported, where the user says so. */
function securityContact(contact: string | undefined): Record<string, string> {
  return contact === undefined ? {} : { SECURITY_CONTACT: contact };
}

/** The secret this data folder's runner enrols with, made once. */
function enrollKeyIn(folder: string): string {
  const file = path.join(folder, "enroll-key");
  try {
    writeFileSync(file, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx", flush: true });
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  return readFileSync(file, "utf8");
}

async function serve(options: StartOptions, data: string, controlPlane: ControlPlane, ending: Ending): Promise<number> {
  const runner = new RunnerProcess({
    script: besideThis("../../runner/dist/cli.js"),
    args: [
      ...["--server", controlPlane.url, "--data", path.join(data, "runner")],
      ...["--cwd", path.resolve(options.cwd ?? callingFolder())],
      ...(options.policy === undefined ? [] : ["--policy", path.resolve(options.policy)]),
      ...(options.allowAll ? ["--allow-all"] : []),
      ...(options.allowRoot ? ["--allow-root"] : []),
    ],
    env: { LONGWIRE_ENROLL_KEY: enrollKeyIn(data) },
    asksInTerminal: !options.json && isatty(0) && isatty(2),
  });
  ending.runner = runner;
  const ready = await Promise.race([runner.ready, runner.ended]);
  if (typeof ready === "number") return ready;
  const line: ReadyLine = {
    url: controlPlane.url,
    dashboard_url: `${controlPlane.url}/`,
    mcp_url: `${controlPlane.url}/mcp`,
    machine_id: ready.machine_id,
    token: readFileSync(ready.token_file, "utf8").trim(),
    token_file: ready.token_file,
    pid: process.pid,
  };
  process.stdout.write(options.json ? `${JSON.stringify(line)}\n` : describeReady(line, await makeSignInLink(line)));
  return await runner.ended;
}

const parsed = parseStartOptions(process.argv.slice(2));
if (!parsed.ok) {
  say(`start: ${parsed.message}\n\n${usage}`);
  process.exitCode = 2;
} else if (parsed.value.help) process.stdout.write(usage);
else {
  process.exitCode = await start(parsed.value).catch((error: unknown) => {
    say(`start: ${reasonOf(error)}`);
    return 1;
  });
}
