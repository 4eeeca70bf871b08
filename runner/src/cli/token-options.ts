// The options of `token …`, read from the command line. Pure: nothing is looked up here.

import { parseArgs } from "node:util";
import type { TokenRequest } from "@longwire/shared/api/tokens.ts";
import { scopes, type Scope } from "@longwire/shared/scopes.ts";
import { accessOptions, accessUsage } from "./api-access.ts";
import { parseCreateListEnd, type CreateListEnd } from "./create-list-end.ts";
import { fail, type Parsed } from "./parsed.ts";

/** Lines of a command's usage text about what a token is asked to reach. */
export const reachUsage = `  --name N        what people call the token
  --scopes S      what it allows, separated by commas: ${scopes.join(", ")}
  --machine M     a machine it reaches, by id or name; repeatable; default: all, those to come included
  --expires T     when it ends, from now, such as 90s, 45m, 12h or 7d; default: never
`;

export const tokenUsage = `runner token create --name N --scopes S [options]   make a token and print it; it is shown this once
runner token list                                  what tokens there are
runner token revoke ID                             end one, and what is open with it

${reachUsage}${accessUsage}`;

export type TokenOptions = CreateListEnd<TokenRequest, "revoke">;

/** Reads the arguments after `token`. */
export function parseTokenOptions(args: readonly string[]): Parsed<TokenOptions> {
  return parseCreateListEnd({ noun: "token", end: "revoke", readCreate }, args);
}

function readCreate(args: string[]): Parsed<TokenOptions> {
  const { values } = parseArgs({ args, options: { ...accessOptions, ...reachOptions } });
  const { server, data, json, help, name } = values;
  const common = { server, data, json };
  if (help) return { ok: true, value: { command: "help", ...common } };
  if (name === undefined) return fail("a token needs a --name.");
  const reach = readReach(values);
  return reach.ok ? { ok: true, value: { command: "create", request: { name, ...reach.value }, ...common } } : reach;
}

/** What a token that is made is asked to reach, for `parseArgs`. */
export const reachOptions = {
  name: { type: "string" },
  scopes: { type: "string" },
  machine: { type: "string", multiple: true },
  expires: { type: "string" },
} as const;

export interface ReachValues {
  readonly name?: string | undefined;
  readonly scopes?: string | undefined;
  readonly machine?: readonly string[] | undefined;
  readonly expires?: string | undefined;
}

export function readReach({ scopes: list, machine, expires }: ReachValues): Parsed<Omit<TokenRequest, "name">> {
  const named = (list ?? "").split(",").map((scope) => scope.trim());
  const known = named.filter((scope): scope is Scope => scopes.some((one) => one === scope));
  if (known.length !== named.length) return fail(`--scopes takes ${scopes.join(", ")}, separated by commas.`);
  const expiresInMs = expires === undefined ? undefined : readDuration(expires);
  if (expiresInMs === null) return fail(`--expires ${expires} is no time such as 90s, 45m, 12h or 7d.`);
  const machines = machine === undefined ? {} : { machines: [...machine] };
  const expires_in_ms = expiresInMs === undefined ? {} : { expires_in_ms: expiresInMs };
  return { ok: true, value: { scopes: [...new Set(known)], ...machines, ...expires_in_ms } };
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3600_000, d: 24 * 3600_000 };

/** Milliseconds in `7d` and the like; null where it is nothing of the kind. */
export function readDuration(text: string): number | null {
  const [, count = "", unit = ""] = /^([1-9][0-9]{0,8})([smhd])$/.exec(text) ?? [];
  const ms = unitMs[unit];
  return ms === undefined ? null : Number(count) * ms;
}
