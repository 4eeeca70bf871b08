// Who this machine is to its control plane. Enrolling happens once; what came of it lies in the data folder, mode
// 0600, and is used from then on.

import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { arch, hostname, platform } from "node:os";
import path from "node:path";
import * as z from "zod";
import { nameSchema } from "@longwire/shared/api/names.ts";
import { replaceFile } from "../supervise/write-durably.ts";
import { checkAddress } from "./check-address.ts";
import { CliFailure, exitCodes } from "./exit.ts";
import { openClient } from "./open-client.ts";
import { runnerVersion } from "./version.ts";

const patienceMs = 15_000;

const identitySchema = z.object({
  server: z.string(),
  machine_id: z.string(),
  machine_token: z.string(),
  /** SHA-256 of the join code it came from. */
  joined_with: z.string().optional(),
});
export type Identity = z.infer<typeof identitySchema>;

export interface EnrolOptions {
  readonly dataFolder: string;
  readonly server: string | undefined;
  readonly name: string | undefined;
  readonly enrollKey: string | undefined;
  /** A join code, for a workspace that others made. */
  readonly join: string | undefined;
}

/** The file with the workspace's admin token. */
export function tokenFileOf(dataFolder: string): string {
  return path.join(dataFolder, "token");
}

/**
 * The identity on disk, or a new one from the control plane. A server given later only moves the address: it is the
 * owner's own word on this machine. A join code is for one machine and once: the one that this identity came from is
 * passed over, so the same command starts the runner again; another one asks for a new identity. Throws
 * {@link CliFailure} with what to do.
 */
export async function obtainIdentity(options: EnrolOptions): Promise<Identity> {
  mkdirSync(options.dataFolder, { recursive: true, mode: 0o700 });
  chmodSync(options.dataFolder, 0o700);
  const known = readIdentity(options.dataFolder);
  const joinedWith = options.join === undefined ? undefined : digest(options.join);
  if (known !== null && (joinedWith === undefined || known.joined_with === joinedWith)) {
    const moved = { ...known, server: options.server ?? known.server };
    if (moved.server !== known.server) writeIdentity(options.dataFolder, moved);
    return moved;
  }
  const server = options.server ?? known?.server;
  if (server === undefined) {
    throw new CliFailure("this machine is not enrolled yet: add --server URL.", exitCodes.usage);
  }
  if (known !== null && existsSync(tokenFileOf(options.dataFolder))) {
    const message = `${options.dataFolder} holds the token of another workspace: give another folder with --data.`;
    throw new CliFailure(message, exitCodes.usage);
  }
  return await enrol({ ...options, server });
}

const identityFile = (dataFolder: string): string => path.join(dataFolder, "identity.json");

/** Who this machine is; null where it never enrolled. */
export function readIdentity(dataFolder: string): Identity | null {
  let text: string;
  try {
    text = readFileSync(identityFile(dataFolder), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return null;
    throw error;
  }
  return identitySchema.parse(JSON.parse(text));
}

function writeIdentity(dataFolder: string, identity: Identity): void {
  replaceFile(identityFile(dataFolder), `${JSON.stringify(identity, null, 2)}\n`);
}

async function enrol(options: EnrolOptions & { readonly server: string }): Promise<Identity> {
  const body = {
    name: options.name ?? defaultName(),
    os: platform(),
    arch: arch(),
    runner_version: runnerVersion,
    ...(options.enrollKey === undefined || options.join !== undefined ? {} : { enroll_key: options.enrollKey }),
    ...(options.join === undefined ? {} : { join: options.join }),
  };
  checkAddress(options.server);
  const client = openClient({ server: options.server, token: null });
  const answer = await client.enroll(body, { signal: AbortSignal.timeout(patienceMs) });
  const { machine_id, machine_token } = answer;
  const joined = options.join === undefined ? {} : { joined_with: digest(options.join) };
  const identity = { server: options.server, machine_id, machine_token, ...joined };
  if (answer.admin_token !== undefined) replaceFile(tokenFileOf(options.dataFolder), `${answer.admin_token}\n`);
  writeIdentity(options.dataFolder, identity);
  return identity;
}

function digest(code: string): string {
  return createHash("sha256").update(code).digest("hex");
}

/** The host name as far as it makes a machine's name. */
function defaultName(): string {
  const name = (hostname().split(".")[0] ?? "").replaceAll(/[^A-Za-z0-9_-]/g, "-").slice(0, 64);
  return nameSchema.safeParse(name).success ? name : "machine";
}
