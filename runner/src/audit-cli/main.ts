// `runner audit …`: shows an audit, or verifies the control plane's against the machine's own.

import path from "node:path";
import type { WrittenEntry } from "@longwire/shared/client/audits.ts";
import type { Client } from "@longwire/shared/client/client.ts";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { defaultDataFolder } from "@longwire/shared/node/folders.ts";
import { findAccess } from "../cli/api-access.ts";
import { exitCodeOf, exitCodes } from "../cli/exit.ts";
import { readIdentity } from "../cli/identity.ts";
import { openClient } from "../cli/open-client.ts";
import { plain } from "../policy-cli/say.ts";
import { optionsOf } from "../cli/parsed.ts";
import { compareAudits, findChainFaults, type Comparison } from "./compare.ts";
import { fetchChain, readOwnChain, type Chain } from "./fetch-chain.ts";
import { auditUsage, parseAuditOptions, type AuditOptions } from "./options.ts";

/** The exit code. */
export async function runAudit(args: readonly string[]): Promise<number> {
  const options = optionsOf(parseAuditOptions(args), "audit", auditUsage);
  switch (options.what) {
    case "help":
      process.stdout.write(auditUsage);
      return exitCodes.ok;
    case "machine":
      return show(options, await fetchChain(clientOf(options).audit));
    case "workspace":
      return show(options, await fetchChain(clientOf(options).workspaceAudit));
    case "own":
      return show(options, readOwnChain(ownFolder(options)));
    case "verify":
      return await verify(options);
  }
}

const dataOf = ({ data }: AuditOptions): string => path.resolve(data ?? path.join(defaultDataFolder(), "runner"));
const ownFolder = (options: AuditOptions): string => path.join(dataOf(options), "audit");

function clientOf(options: AuditOptions): Client {
  const machine = options.machine ?? readIdentity(dataOf(options))?.machine_id ?? "-";
  return openClient(findAccess(options), { machine });
}

function show({ json }: AuditOptions, { entries }: Chain): number {
  for (const entry of entries) process.stdout.write(json ? `${JSON.stringify(entry)}\n` : `${sayEntry(entry)}\n`);
  return exitCodes.ok;
}

function sayEntry(entry: WrittenEntry): string {
  const { n, at, actor, act, target, outcome, reason, detail, count, bytes } = entry;
  const who = actor.name ?? actor.token_id ?? actor.kind;
  const sum = count === undefined ? [] : [`${count} times, ${bytes ?? 0} bytes`];
  const more = [reason, detail, ...sum].filter((one) => one !== undefined && one !== "");
  const tail = more.length === 0 ? "" : `  (${more.join("; ")})`;
  return plain(`${at}  #${n}  ${who}  ${act} ${target}  ${outcome}${tail}`);
}

async function verify(options: AuditOptions): Promise<number> {
  const client = clientOf(options);
  // First what the runner has: the control plane has to know all of it.
  const own = readOwnChain(ownFolder(options));
  const plane = await fetchChain(client.audit);
  const { differences, notes } = withWorkspace(compareAudits(plane, own), await fetchWorkspace(client));
  const counts = { control_plane: plane.entries.length, runner: own.entries.length };
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ ok: differences.length === 0, entries: counts, differences, notes })}\n`);
  } else {
    for (const one of differences) process.stdout.write(`DIFFERENT  ${plain(one)}\n`);
    for (const one of notes) process.stdout.write(`note       ${plain(one)}\n`);
    const verdict = differences.length === 0 ? "Both are whole and tell the same" : `${differences.length} differences`;
    const { control_plane: theirs, runner: ours } = counts;
    process.stdout.write(`${verdict}: ${theirs} entries of the control plane, ${ours} of the runner.\n`);
  }
  return differences.length === 0 ? exitCodes.ok : exitCodes.failed;
}

/** Null where the token does not show it. */
async function fetchWorkspace(client: Client): Promise<Chain | null> {
  try {
    return await fetchChain(client.workspaceAudit);
  } catch (error) {
    if (error instanceof LongwireError && exitCodeOf(error) === exitCodes.notAuthorised) return null;
    throw error;
  }
}

function withWorkspace({ differences, notes }: Comparison, workspace: Chain | null): Comparison {
  if (workspace === null) {
    return { differences, notes: [...notes, "the workspace's audit was not checked: this token does not reach it"] };
  }
  return { differences: [...differences, ...findChainFaults("workspace", workspace)], notes };
}
