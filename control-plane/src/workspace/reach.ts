// How far a token reaches, and that nothing made with it reaches further: not to other scopes, not to other machines,
// not beyond its end.

import type { Refusal } from "@longwire/shared/errors.ts";
import type { Scope } from "@longwire/shared/scopes.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { MachineEntry } from "./grant.ts";

export interface Reach {
  readonly scopes: readonly Scope[];
  /** Ids; null: all machines, those to come included. */
  readonly machines: readonly string[] | null;
  /** In milliseconds; null: never. */
  readonly expiresAt: number | null;
}

/** What is asked for: machines by id or name, absent for all that the asking token reaches. */
export interface AskedReach {
  readonly scopes: readonly Scope[];
  readonly machines?: readonly string[] | undefined;
  readonly expires_in_ms?: number | undefined;
}

/** The machines of `all` that a token reaches. */
export function machinesOf(reach: Pick<Reach, "machines">, all: readonly MachineEntry[]): readonly MachineEntry[] {
  return reach.machines === null ? all : all.filter(({ id }) => reach.machines?.includes(id));
}

/** Whether `other` reaches no machine that `own` does not. */
export function coversMachines(own: Pick<Reach, "machines">, other: Pick<Reach, "machines">): boolean {
  if (own.machines === null) return true;
  return other.machines !== null && other.machines.every((id) => own.machines?.includes(id));
}

/** What is asked for, as it is granted by a token that reaches `own`; `all`: the workspace's machines. */
export function narrow(own: Reach, asked: AskedReach, all: readonly MachineEntry[], now: number): Result<Reach> {
  const missing = asked.scopes.find((scope) => !own.scopes.includes(scope));
  if (missing !== undefined) {
    return refuse({ code: "insufficient_scope", detail: `This token has no scope \`${missing}\` to give on.` });
  }
  const reached = machinesOf(own, all);
  const ids: string[] = [];
  for (const [at, reference] of (asked.machines ?? []).entries()) {
    const found = reached.find(({ id }) => id === reference) ?? reached.find(({ name }) => name === reference);
    if (found === undefined) return refuse(unknownMachine(at, reference));
    ids.push(found.id);
  }
  const machines = asked.machines === undefined ? own.machines : [...new Set(ids)];
  const wanted = asked.expires_in_ms === undefined ? Infinity : now + asked.expires_in_ms;
  const expiresAt = Math.min(wanted, own.expiresAt ?? Infinity);
  return succeed({ scopes: asked.scopes, machines, expiresAt: expiresAt === Infinity ? null : expiresAt });
}

function unknownMachine(at: number, reference: string): Refusal {
  const message = `this token reaches no machine ${JSON.stringify(reference)}`;
  return { code: "invalid_request", detail: message, errors: [{ path: `machines.${at}`, message }] };
}
