// Which machine a command is about: the one that is named, else the one it is typed on, else the only one its token reaches.

import path from "node:path";
import type { Client } from "@longwire/shared/client/client.ts";
import { defaultDataFolder } from "@longwire/shared/node/folders.ts";
import { accessOptions, accessUsage, findAccess } from "../cli/api-access.ts";
import { readIdentity } from "../cli/identity.ts";
import { openClient } from "../cli/open-client.ts";

/** The options every command about a machine takes, for `parseArgs`. */
export const machineOptions = { ...accessOptions, machine: { type: "string", short: "m" } } as const;

/** Lines of a command's usage text about them. */
export const machineUsage = `  --machine M     by id or name; default: this machine, or the only one the token reaches
${accessUsage}`;

export interface MachineOptions {
  readonly server?: string | undefined;
  readonly data?: string | undefined;
  readonly machine?: string | undefined;
}

export interface Reached {
  readonly client: Client;
  /** Outlasts a restart of the control plane, where `client` gives up soon. */
  readonly patient: Client;
  /** The machine this is typed on; null where it is not known. */
  readonly ownMachine: string | null;
  /** What makes another command speak to the same machine, such as ` --machine box`. */
  readonly sameAgain: string;
}

/** Throws {@link CliFailure} with what is missing. */
export function reachMachine(options: MachineOptions): Reached {
  const access = findAccess({ server: options.server, data: options.data });
  const ownMachine = findOwnMachine(options, access.server);
  const usesOwnToken = (process.env["LONGWIRE_TOKEN"] ?? "") === "";
  const machine = options.machine ?? (usesOwnToken ? ownMachine : null) ?? "-";
  const given = (["machine", "server", "data"] as const).filter((one) => options[one] !== undefined);
  return {
    client: openClient(access, { machine }),
    patient: openClient(access, { machine, isPatient: true }),
    ownMachine,
    sameAgain: given.map((one) => ` --${one} ${options[one] ?? ""}`).join(""),
  };
}

function findOwnMachine({ data }: MachineOptions, server: string): string | null {
  const identity = readIdentity(path.resolve(data ?? path.join(defaultDataFolder(), "runner")));
  return identity !== null && new URL(identity.server).origin === new URL(server).origin ? identity.machine_id : null;
}
