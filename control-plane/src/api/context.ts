// What every route behind the token starts from: the caller, and the machine its path names.

import type { Context } from "hono";
import type * as z from "zod";
import type { Refusal } from "@longwire/shared/errors.ts";
import { tokenPattern } from "@longwire/shared/token.ts";
import { authenticate, type Caller } from "../access/authenticate.ts";
import { reachMachine } from "../access/authorise.ts";
import { readBody, type ReadBody } from "../access/body.ts";
import { findTicket, useTicket } from "../access/ticket.ts";
import { authorise, type Need } from "../access/needs.ts";
import { limitCall } from "../access/rate-limits.ts";
import type { Standing } from "../access/standing.ts";
import type { Env } from "../env.ts";
import type { Machine } from "../machine/machine.ts";
import { refuse, succeed, type Result } from "../result.ts";
import { holderOf } from "../sockets/holder.ts";

/** The parts of a request that routes and sockets share. */
export type Call = Context<{ Bindings: Env }>;

/** The caller, if its token allows all of `needs`. A token in the address is none, whatever else there is. */
export async function callerOf(c: Call, ...needs: Need[]): Promise<Result<Caller>> {
  if (hasTokenInAddress(c.req.url)) return refuse(tokenInAddress);
  return await admit(c, await authenticate(c.env, c.req.raw), needs);
}

async function admit(c: Call, caller: Result<Caller>, needs: readonly Need[]): Promise<Result<Caller>> {
  if (!caller.ok) return caller;
  const limited = await limitCall(c.env, caller.value.tokenHash);
  return limited === null ? authorise(caller.value, ...needs) : refuse(limited);
}

export interface Asked<T> extends ReadBody<T> {
  readonly caller: Caller;
}

/** {@link callerOf}, and the body by `schema`. */
export async function readAsked<T>(c: Call, schema: z.ZodType<T>, ...needs: Need[]): Promise<Result<Asked<T>>> {
  const caller = await callerOf(c, ...needs);
  if (!caller.ok) return caller;
  const read = await readBody(c.req.raw, schema);
  return read.ok ? succeed({ caller: caller.value, ...read.value }) : read;
}

const tokenInAddress: Refusal = {
  code: "unauthorized",
  detail: "A token in an address counts for nothing: addresses end up in logs.",
  hint: "Send `Authorization: Bearer lw_…` instead, and revoke a token that was sent this way.",
};

function hasTokenInAddress(url: string): boolean {
  return /[?&](access_)?token=/i.test(url) || tokenPattern.test(url);
}

export interface Reached {
  readonly caller: Caller;
  readonly machine: DurableObjectStub<Machine>;
  readonly standing: Standing;
}

/** The caller and the object of the machine in the path, if the token reaches it and allows all of `needs`. */
export async function machineOf(c: Call, ...needs: Need[]): Promise<Result<Reached>> {
  return await reachNamed(c, await callerOf(c, ...needs), needs);
}

/** {@link machineOf} for a viewer's socket, which opens with a ticket as well. */
export async function viewedMachineOf(c: Call): Promise<Result<Reached>> {
  const ticket = c.req.header("Authorization") === undefined ? findTicket(c.req.raw) : null;
  if (ticket === null) return await machineOf(c, "read");
  return await reachNamed(c, await admit(c, await useTicket(c.env, c.req.raw, ticket), ["read"]), ["read"]);
}

async function reachNamed(c: Call, caller: Result<Caller>, needs: readonly Need[]): Promise<Result<Reached>> {
  return caller.ok ? await reach(c, caller.value, c.req.param("machine") ?? "", needs) : caller;
}

/** The object of the machine `reference` means to a caller who was found to have `needs`. */
export async function reach(
  c: Call,
  caller: Caller,
  reference: string,
  needs: readonly Need[],
): Promise<Result<Reached>> {
  const machine = await reachMachine(c.env, caller, reference, c.req.raw);
  if (!machine.ok) return machine;
  return succeed({ caller, machine: machine.value, standing: standingOf(c, caller, reference, needs) });
}

function standingOf(c: Call, caller: Caller, reference: string, needs: readonly Need[]): Standing {
  return {
    holder: holderOf(caller),
    async recheck() {
      const again = await authenticate(c.env, c.req.raw, true);
      if (!again.ok) return again.refusal;
      const allowed = authorise(again.value, ...needs);
      if (!allowed.ok) return allowed.refusal;
      const machine = await reachMachine(c.env, again.value, reference, c.req.raw);
      return machine.ok ? null : machine.refusal;
    },
  };
}

/** What an act needs beside its own scope: with `until` its answer holds output. */
export function waitNeeds(c: Call): Need[] {
  return c.req.query("until") === undefined ? [] : ["read"];
}
