// What callers are told of the policy: its mode, and the named commands with what may be given to them.

import { digestOf } from "@longwire/shared/audit/canonical.ts";
import type { NamedCommandView } from "@longwire/shared/api/named-commands.ts";
import { fileOf, modeOf, type Policy, type PolicyMode } from "./policy.ts";
import type { Param } from "./policy-schema.ts";

export interface PolicyView {
  readonly policy_mode: PolicyMode;
  readonly commands: NamedCommandView[];
  readonly policy_digest: string;
}

export function viewPolicy(policy: Policy): PolicyView {
  const commands = Object.entries(fileOf(policy).commands).map(([name, { tags = [], params }]) => {
    const views = Object.entries(params).map(([param, declared]) => [param, viewParam(declared)] as const);
    return { name, tags, params: Object.fromEntries(views) };
  });
  return { policy_mode: modeOf(policy), commands, policy_digest: digestOf(policy) };
}

function viewParam({ required = false, ...declared }: Param): NamedCommandView["params"][string] {
  return { ...declared, required };
}
