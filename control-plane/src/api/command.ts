// A route that asks the machine for something: body read and checked, command submitted, outcome judged.

import type * as z from "zod";
import type { Actor } from "@longwire/shared/audit/entry.ts";
import type { Process } from "@longwire/shared/api/views.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { processIdSchema, type ProcessId } from "@longwire/shared/ids.ts";
import { commandWaitMs } from "@longwire/shared/limits.ts";
import type { Operation } from "@longwire/shared/wire/commands.ts";
import type { CommandFact } from "@longwire/shared/wire/facts.ts";
import { actorOf } from "../access/actor.ts";
import { readBody } from "../access/body.ts";
import type { Need } from "../access/needs.ts";
import type { Standing } from "../access/standing.ts";
import { identify, type RequestIdentity } from "../access/idempotency.ts";
import type { Machine } from "../machine/machine.ts";
import type { Settled } from "../machine/submit.ts";
import { refuse, succeed, type Result } from "../result.ts";
import { machineOf, type Call } from "./context.ts";

export interface Acting<T> {
  readonly machine: DurableObjectStub<Machine>;
  readonly standing: Standing;
  readonly body: T;
  readonly identity: RequestIdentity;
  readonly actor: Actor;
}

/** Authorises the caller to `needs`, and reads the body by `schema`. */
export async function readActing<T>(c: Call, schema: z.ZodType<T>, ...needs: Need[]): Promise<Result<Acting<T>>> {
  const reached = await machineOf(c, ...needs);
  if (!reached.ok) return reached;
  const read = await readBody(c.req.raw, schema);
  if (!read.ok) return read;
  const { machine, standing, caller } = reached.value;
  const { body, text } = read.value;
  const identity = await identify(c.req.raw, caller, text);
  if (!identity.ok) return identity;
  return succeed({ machine, standing, body, identity: identity.value, actor: actorOf(caller) });
}

export interface Done {
  readonly outcome: CommandFact;
  readonly process: Process;
}

/** Submits one command and waits for what became of it. A refusal by the machine is a refusal here. */
export async function order(
  acting: Acting<unknown>,
  operation: Operation,
  waitMs: number = commandWaitMs,
): Promise<Result<Settled>> {
  const { machine, identity, actor } = acting;
  const part = "process" in operation ? operation.process : "";
  const id = await identity.commandId(part);
  const settled = await machine.submit({ id, operation, actor, requestHash: identity.requestHash, waitMs });
  return settled.ok && settled.value.outcome.outcome === "refused" ? refuse(toRefusal(settled.value.outcome)) : settled;
}

/** {@link order} for what leaves a process to answer with. */
export async function act(
  acting: Acting<unknown>,
  operation: Operation,
  waitMs: number = commandWaitMs,
): Promise<Result<Done>> {
  const settled = await order(acting, operation, waitMs);
  if (!settled.ok) return settled;
  const { outcome, process } = settled.value;
  if (process === null) {
    return refuse({ code: "runner_timeout", detail: "The machine acted, but its log has not said so yet." });
  }
  return succeed({ outcome, process });
}

/** {@link act} for what `toOperation` makes of the process of this id or name. */
export async function actOn(
  acting: Acting<unknown>,
  idOrName: string,
  toOperation: (process: ProcessId) => Operation,
  waitMs?: number,
): Promise<Result<Done>> {
  const found = await acting.machine.findProcess(idOrName);
  if (!found.ok) return found;
  return await act(acting, toOperation(processIdSchema.parse(found.value.process_id)), waitMs);
}

function toRefusal(outcome: CommandFact): Refusal {
  return {
    code: outcome.code ?? "internal",
    detail: outcome.detail ?? "The machine refused and gave no reason.",
    hint: outcome.hint,
    errors: outcome.errors,
  };
}
