// `runner invite`: makes a join code for another machine, or for a token.

import { parseArgs } from "node:util";
import type { InviteRequest } from "@longwire/shared/api/invites.ts";
import { plain } from "../policy-cli/say.ts";
import { accessOptions, accessUsage, findAccess, type AccessOptions } from "./api-access.ts";
import { exitCodes } from "./exit.ts";
import { openClient } from "./open-client.ts";
import { fail, optionsOf, readParsed, type Parsed } from "./parsed.ts";
import { reachOptions, reachUsage, readReach } from "./token-options.ts";

export const inviteUsage = `runner invite                                      a code with which another machine joins this workspace
runner invite --token --name N --scopes S [options]   a code that is redeemed for a token

A code is good once, for ten minutes.

${reachUsage}${accessUsage}`;

type InviteOptions = AccessOptions & { readonly json: boolean; readonly request: InviteRequest | "help" };

/** Reads the arguments after `invite`. */
export function parseInviteOptions(args: readonly string[]): Parsed<InviteOptions> {
  return readParsed((): Parsed<InviteOptions> => {
    const known = { ...accessOptions, ...reachOptions, token: { type: "boolean", default: false } } as const;
    const { values } = parseArgs({ args: [...args], options: known });
    const { server, data, json, help, token, name, ...reach } = values;
    const common = { server, data, json };
    if (help) return { ok: true, value: { ...common, request: "help" } };
    if (!token) {
      const stray = [name, reach.scopes, reach.machine, reach.expires].some((one) => one !== undefined);
      if (stray) return fail("--name, --scopes, --machine and --expires go with --token.");
      return { ok: true, value: { ...common, request: { kind: "machine" } } };
    }
    if (name === undefined) return fail("a token needs a --name.");
    const read = readReach(reach);
    return read.ok ? { ok: true, value: { ...common, request: { kind: "token", name, ...read.value } } } : read;
  });
}

/** The exit code. The code itself is all that goes to stdout, so that a shell can keep it. */
export async function runInvite(args: readonly string[]): Promise<number> {
  const options = optionsOf(parseInviteOptions(args), "invite", inviteUsage);
  const { request, json } = options;
  if (request === "help") {
    process.stdout.write(inviteUsage);
    return exitCodes.ok;
  }
  const access = findAccess(options);
  const made = await openClient(access).invite(request);
  if (json) {
    process.stdout.write(`${JSON.stringify(made)}\n`);
    return exitCodes.ok;
  }
  process.stdout.write(`${plain(made.join)}\n`);
  const use =
    request.kind === "machine"
      ? `on the other machine: runner connect --server ${access.server} --join CODE`
      : `redeem it with POST ${access.server}/v1/invites/redeem`;
  process.stderr.write(plain(`Good once, until ${made.expires_at}; ${use}`) + "\n");
  return exitCodes.ok;
}
