// One call of a tool: who makes it, and what it starts from.

import type { Actor } from "@longwire/shared/audit/entry.ts";
import { canonicalText } from "@longwire/shared/audit/canonical.ts";
import { actorOf } from "../access/actor.ts";
import type { Caller } from "../access/authenticate.ts";
import { identifyBy } from "../access/idempotency.ts";
import type { Need } from "../access/needs.ts";
import type { Acting } from "../api/command.ts";
import { reach, type Call, type Reached } from "../api/context.ts";
import { refuse, succeed, type Result } from "../result.ts";

export interface ToolCall {
  readonly c: Call;
  readonly caller: Caller;
  readonly tool: string;
  /** What the caller was found to be allowed. */
  readonly needs: readonly Need[];
  readonly beganAt: number;
  /** Aborts when whoever asked is gone. */
  readonly signal: AbortSignal;
}

const maxNamed = 20;

/** The machine of this id or name; without one the only machine the token reaches. */
export async function reachTarget(call: ToolCall, machine: string | undefined): Promise<Result<Reached>> {
  const { c, caller, needs } = call;
  const reached = await reach(c, caller, machine ?? "-", needs);
  if (reached.ok) return reached;
  const names = caller.machines.slice(0, maxNamed).map(({ name }) => name);
  const hint =
    names.length === 0
      ? "No machine has joined yet."
      : `Give one of these as \`machine\`: ${names.map((name) => JSON.stringify(name)).join(", ")}.`;
  return refuse({ ...reached.refusal, hint });
}

/** What an act on the machine needs; the same `request_id` with the same arguments acts once. */
export async function actingOn<T>(
  call: ToolCall,
  given: { readonly machine?: string | undefined; readonly request_id?: string | undefined },
  body: T,
): Promise<Result<Acting<T>>> {
  const reached = await reachTarget(call, given.machine);
  if (!reached.ok) return reached;
  const { request_id: key, ...asked } = given;
  const identity = await identifyBy(key ?? null, call.caller, ["MCP", call.tool, canonicalText(asked)]);
  if (!identity.ok) return identity;
  const { machine, standing, caller } = reached.value;
  const actor: Actor = actorOf(caller);
  return succeed({ machine, standing, body, identity: identity.value, actor });
}
