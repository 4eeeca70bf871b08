// Which machine a command is about: the one that is named, else the one it is typed on, else the only one its token reaches.

import path from "node:path";
import type { Client } from "@longwire/shared/client/client.ts";
import { LongwireError } from "@longwire/shared/client/longwire-error.ts";
import { defaultDataFolder } from "@longwire/shared/node/folders.ts";
import { accessOptions, accessUsage, findAccess, type ApiAccess } from "../cli/api-access.ts";
import { readIdentity } from "../cli/identity.ts";
import { openClient } from "../cli/open-client.ts";

/** The options every command about a machine takes, for `parseArgs`. */
export const machineOptions = { ...accessOptions, machine: { type: "string", short: "m" } } as const;

/** Lines of a command's usage text about them. */
export const machineUsage = `  --machine M     by id or name; default: this one, or the only one the token reaches
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
export async function reachMachine(options: MachineOptions): Promise<Reached> {
  const access = findAccess({ server: options.server, data: options.data });
  const ownMachine = findOwnMachine(options, access.server);
  const machine = options.machine ?? (await chooseMachine(access, ownMachine));
  const given = (["machine", "server", "data"] as const).filter((one) => options[one] !== undefined);
  return {
    client: openClient(access, { machine }),
    patient: openClient(access, { machine, isPatient: true }),
    ownMachine,
    sameAgain: given.map((one) => ` --${one} ${options[one] ?? ""}`).join(""),
  };
}

const onlyOne = "-";

/** The token that lies on a machine reaches it; one of the environment may be for others alone. */
async function chooseMachine(access: ApiAccess, ownMachine: string | null): Promise<string> {
  if (ownMachine === null) return onlyOne;
  if ((process.env["LONGWIRE_TOKEN"] ?? "") === "") return ownMachine;
  try {
    await openClient(access, { machine: ownMachine }).machine();
    return ownMachine;
  } catch (error) {
    if (error instanceof LongwireError && error.code === "not_found") return onlyOne;
    // A token that may not look at machines may do other things to them.
    if (error instanceof LongwireError && error.code === "insufficient_scope") return ownMachine;
    throw error;
  }
}

function findOwnMachine({ data }: MachineOptions, server: string): string | null {
  const identity = readIdentity(path.resolve(data ?? path.join(defaultDataFolder(), "runner")));
  return identity !== null && new URL(identity.server).origin === new URL(server).origin ? identity.machine_id : null;
}
