// Which control plane a command speaks to, and with which token: LONGWIRE_TOKEN with --server, or what enrolling left in
// the data folder. That token goes to the control plane it is from and nowhere else.

import { readFileSync } from "node:fs";
import path from "node:path";
import { defaultDataFolder } from "@longwire/shared/node/folders.ts";
import { checkAddress } from "./check-address.ts";
import { CliFailure, exitCodes } from "./exit.ts";
import { readIdentity, tokenFileOf } from "./identity.ts";

/** The options every command of the API takes, for `parseArgs`. */
export const accessOptions = {
  server: { type: "string" },
  data: { type: "string" },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** Lines of a command's usage text about them. */
export const accessUsage = `  --server URL    the control plane; default: the one this machine's runner is enrolled with
  --data DIR      the runner's state, where its address and token lie; default: longwire/runner under the user's
                  state directory
  --json          the answer as JSON on stdout

The token is LONGWIRE_TOKEN of the environment, or the one in the data folder.
`;

/** Where to, and with which token; null for what needs none. */
export interface ApiAccess {
  readonly server: string;
  readonly token: string | null;
}

export interface AccessOptions {
  readonly server: string | undefined;
  readonly data: string | undefined;
}

/** Throws {@link CliFailure} with what is missing. */
export function findAccess({ server, data }: AccessOptions): ApiAccess {
  const folder = path.resolve(data ?? path.join(defaultDataFolder(), "runner"));
  const identity = readIdentity(folder);
  const given = process.env["LONGWIRE_TOKEN"];
  const address = server ?? identity?.server;
  if (address === undefined) {
    const message = `no runner is enrolled in ${folder}: give --data, or --server with LONGWIRE_TOKEN in the environment.`;
    throw new CliFailure(message, exitCodes.usage);
  }
  checkAddress(address);
  if (given !== undefined && given !== "") return { server: address, token: given };
  if (identity === null || new URL(address).origin !== new URL(identity.server).origin) {
    const message = `the token in ${folder} is not for ${address}: put one for it into the environment as LONGWIRE_TOKEN.`;
    throw new CliFailure(message, exitCodes.notAuthorised);
  }
  return { server: address, token: readToken(folder) };
}

function readToken(folder: string): string {
  try {
    return readFileSync(tokenFileOf(folder), "utf8").trim();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    const message = `there is no token in ${folder}: this machine joined a workspace that others look after. Put a token into the environment as LONGWIRE_TOKEN.`;
    throw new CliFailure(message, exitCodes.notAuthorised);
  }
}
