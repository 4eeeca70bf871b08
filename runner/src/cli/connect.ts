// `runner connect`: this machine serves a control plane until it is told to end. Ctrl-C and SIGTERM stop what runs;
// SIGHUP, and the end of a parent that watches over this process, leave it running for the next runner.

import { existsSync, statSync } from "node:fs";
import { arch, platform } from "node:os";
import path from "node:path";
import { closeCodes } from "@longwire/shared/errors.ts";
import { defaultGraceMs } from "@longwire/shared/limits.ts";
import type { Policy } from "../admit/policy.ts";
import { PolicyFileSource } from "../admit/policy-source.ts";
import { viewPolicy } from "../admit/view-commands.ts";
import { watchPolicy } from "../admit/watch-policy.ts";
import { OwnersDesk } from "../approve/owners-desk.ts";
import { findOwnersTerminal } from "../approve/owners-terminal.ts";
import { LastSeq } from "../link/last-seq.ts";
import { Link } from "../link/link.ts";
import { findProxy, trustSystemCertificates } from "../link/proxy.ts";
import { Supervisor } from "../supervise/supervisor.ts";
import { CliFailure, exitCodes } from "./exit.ts";
import { maskOwn } from "./mask-own.ts";
import { callingFolder, defaultDataFolder, defaultPolicyFile } from "@longwire/shared/node/folders.ts";
import { obtainIdentity, tokenFileOf, type Identity } from "./identity.ts";
import { parseConnectOptions, usage, type ConnectOptions } from "./options.ts";
import { checkRoot } from "./root-check.ts";
import { catchStopSignals, type StopSignals } from "./stop-signals.ts";
import { runnerVersion } from "./version.ts";

const drainMs = 2000;

const say = (text: string): void => void process.stderr.write(`${maskOwn(text)}\n`);

/** Runs until it is ended; the exit code. */
export async function connect(args: readonly string[]): Promise<number> {
  const parsed = parseConnectOptions(args);
  if (!parsed.ok) throw new CliFailure(`${parsed.message}\n\n${usage}`, exitCodes.usage);
  const options = parsed.value;
  if (options.help) {
    process.stdout.write(usage);
    return exitCodes.ok;
  }
  checkRoot(options.allowRoot);
  const dataFolder = path.resolve(options.data ?? path.join(defaultDataFolder(), "runner"));
  const cwd = checkFolder(path.resolve(options.cwd ?? callingFolder()));
  trustSystemCertificates();
  const enrollKey = process.env["LONGWIRE_ENROLL_KEY"];
  const identity = await obtainIdentity({ ...options, dataFolder, enrollKey });
  checkProxy(identity.server);
  return await serve(options, identity, dataFolder, cwd);
}

function checkProxy(server: string): void {
  try {
    const proxy = findProxy(new URL(server));
    if (proxy !== null) say(`Going through the proxy ${proxy.origin}.`);
  } catch (error) {
    throw new CliFailure(error instanceof Error ? `${error.message}.` : String(error), exitCodes.usage);
  }
}

function checkFolder(folder: string): string {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return folder;
  throw new CliFailure(`--cwd ${folder} is not a folder.`, exitCodes.usage);
}

async function serve(options: ConnectOptions, identity: Identity, dataFolder: string, cwd: string): Promise<number> {
  const signals = catchStopSignals();
  const policyFile = path.resolve(options.policy ?? defaultPolicyFile());
  const policy = openPolicy(policyFile, options);
  const desk = new OwnersDesk(policyFile);
  const supervisor = await Supervisor.open({ dataFolder, policy, cwd, log: say, owner: desk });
  await desk.open(supervisor.approvals, dataFolder, findOwnersTerminal(!options.json), say);
  auditPolicy(supervisor, policy.current());
  say(`Commands run in ${cwd} unless they say otherwise.`);
  let isFirst = true;
  const ended = Promise.withResolvers<number>();
  const lastSeq = new LastSeq(path.join(dataFolder, "last-seq.json"), identity.machine_id);
  const link = new Link({
    url: linkAddress(identity.server),
    token: identity.machine_token,
    machineId: identity.machine_id,
    introduction: {
      runner_version: runnerVersion,
      os: platform(),
      arch: arch(),
      ...viewPolicy(policy.current()),
      capabilities: supervisor.capabilities,
    },
    machine: supervisor,
    lastSeq,
    log: say,
    onUp: () => {
      say(`Connected to ${identity.server}.`);
      if (isFirst && options.json) announce(identity, dataFolder);
      isFirst = false;
    },
    onDown: (reason, final, code) => {
      if (!final) return say(`Not connected: ${reason}. Trying again.`);
      const next = code === closeCodes.unauthorized ? rejoin(identity.server) : "start the runner again to reconnect.";
      say(`The control plane ended the link: ${reason}. What runs goes on; ${next}`);
      ended.resolve(exitCodes.notAuthorised);
    },
  });
  const watching = new AbortController();
  watchPolicy(policyFile, policy, watching.signal, (changed) => {
    sayPolicy(policyFile, changed);
    auditPolicy(supervisor, changed);
    link.tellPolicy(viewPolicy(changed));
  });
  void stopOnSignal(supervisor, link, signals).then(() => ended.resolve(exitCodes.ok), ended.reject);
  leaveWithParent(() => ended.resolve(exitCodes.failed));
  process.once("SIGHUP", () => ended.resolve(exitCodes.failed));
  const exitCode = await ended.promise;
  watching.abort();
  desk.close();
  link.close();
  lastSeq.close();
  await supervisor.close();
  return exitCode;
}

/** Fails where the owner's file cannot be read as it stands: the runner does not begin on a guess. */
function openPolicy(file: string, { allowAll, policy: asked }: ConnectOptions): PolicyFileSource {
  if (asked !== undefined && !existsSync(file)) throw new CliFailure(`--policy ${file} is not there.`, exitCodes.usage);
  const source = new PolicyFileSource({ path: file, allowAll });
  const policy = source.current();
  if (policy.type === "broken")
    throw new CliFailure(`the policy file cannot be used: ${policy.fault}.`, exitCodes.failed);
  if (allowAll) say("WARNING: --allow-all: whoever holds a token may run anything on this machine.");
  sayPolicy(file, policy);
  return source;
}

function auditPolicy(supervisor: Supervisor, policy: Policy): void {
  const { policy_mode: mode, policy_digest: digest } = viewPolicy(policy);
  supervisor.audit.policyLoaded(policy.type === "broken" ? "broken" : mode, digest);
}

function sayPolicy(file: string, policy: Policy): void {
  if (policy.type === "broken") return say(`WARNING: nothing starts until the policy file is mended: ${policy.fault}.`);
  const names = Object.keys(policy.file.commands);
  const where = existsSync(file) ? file : `no file at ${file}`;
  say(
    `Policy: mode ${policy.mode}, ${names.length === 1 ? "1 named command" : `${names.length} named commands`} (${where}).`,
  );
}

/** What to do once this machine's token is not accepted any more. */
function rejoin(server: string): string {
  return `to join again, have \`runner invite\` make a code, and run \`runner connect --server ${server} --join CODE\`.`;
}

function announce(identity: Identity, dataFolder: string): void {
  const tokenFile = existsSync(tokenFileOf(dataFolder)) ? tokenFileOf(dataFolder) : null;
  const line = { machine_id: identity.machine_id, server: identity.server, token_file: tokenFile };
  process.stdout.write(`${JSON.stringify({ ...line, pid: process.pid })}\n`);
}

function linkAddress(server: string): string {
  const url = new URL("/v1/link", server);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

async function stopOnSignal(supervisor: Supervisor, link: Link, signals: StopSignals): Promise<void> {
  await signals.first;
  say("Stopping what runs. Press Ctrl-C again to leave it running.");
  await Promise.race([supervisor.stopAll(defaultGraceMs), signals.second]);
  // What is not delivered by then is sent at the next start.
  await link.drain(drainMs);
}

/** A parent that asks for it is left by hanging up, not by stopping: a pipe on stdin ends when the parent does. */
function leaveWithParent(leave: () => void): void {
  if (process.env["LONGWIRE_LEAVE_WITH_PARENT"] !== "1") return;
  process.stdin.on("end", leave).on("error", leave).resume();
}
