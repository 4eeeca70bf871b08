// Which objects a caller reaches. Foreign machines and unknown ones get the same answer.

import { readMachineId, toHex } from "@longwire/shared/token.ts";
import type { Env } from "../env.ts";
import type { Machine } from "../machine/machine.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { Grant, MachineEntry } from "../workspace/grant.ts";
import type { Workspace } from "../workspace/workspace.ts";
import { authenticate, type Caller } from "./authenticate.ts";

/** The object of the caller's workspace. */
export function openWorkspace(env: Env, { workspace }: Pick<Grant, "workspace">): DurableObjectStub<Workspace> {
  return env.WORKSPACES.get(env.WORKSPACES.idFromString(workspace));
}

/** The machine that `reference` (an id, a name, or `-` for the only one) means to this caller. */
export async function reachMachine(
  env: Env,
  caller: Caller,
  reference: string,
  request: Request,
): Promise<Result<DurableObjectStub<Machine>>> {
  const known = pick(caller.machines, reference);
  if (known !== null) return openMachine(env, known);
  // A machine enrolled a moment ago is missing from an answer that was kept.
  const again = await authenticate(env, request, true);
  const found = again.ok ? pick(again.value.machines, reference) : null;
  if (found !== null) return openMachine(env, found);
  const detail =
    reference === "-"
      ? `\`-\` means the only machine of a token, and this one reaches ${caller.machines.length}.`
      : `No machine ${JSON.stringify(reference)}.`;
  return refuse({ code: "not_found", detail });
}

function pick(machines: readonly MachineEntry[], reference: string): MachineEntry | null {
  if (reference === "-") return machines.length === 1 ? (machines[0] ?? null) : null;
  return (
    machines.find((machine) => machine.id === reference) ??
    machines.find((machine) => machine.name === reference) ??
    null
  );
}

/** The object of a machine that is known to exist. */
export function openMachine(env: Env, machine: MachineEntry): Result<DurableObjectStub<Machine>> {
  const object = readMachineId(machine.id);
  if (object === null) return refuse({ code: "not_found", detail: `No machine ${JSON.stringify(machine.id)}.` });
  return succeed(env.MACHINES.get(env.MACHINES.idFromString(toHex(object))));
}
