// The tokens of a workspace, kept as hashes. An operator's token reaches some machines or all; a runner's belongs to one.

import type { Token, TokensQuery } from "@longwire/shared/api/tokens.ts";
import type { Refusal } from "@longwire/shared/errors.ts";
import { maxTokens, tokenUseEveryMs } from "@longwire/shared/limits.ts";
import type { Scope } from "@longwire/shared/scopes.ts";
import type { Grant, MachineEntry } from "./grant.ts";
import { refuse, succeed, type Result } from "../result.ts";
import { coversMachines, machinesOf, type Reach } from "./reach.ts";

type TokenRow = {
  hash: string;
  id: string;
  name: string;
  kind: string;
  scopes: string;
  machine_id: string | null;
  machines: string | null;
  created_at: number;
  expires_at: number | null;
  last_used_at: number | null;
};

/** A token as it is kept. Times are milliseconds. */
export interface KeptToken extends Reach {
  readonly id: string;
  readonly name: string;
  readonly kind: Grant["kind"];
  readonly isSession?: boolean;
  readonly createdAt: number;
  readonly lastUsedAt: number | null;
}

/** A token to be kept: its SHA-256 as hexadecimal, and what it allows. */
export interface NewToken extends Reach {
  readonly hash: string;
  readonly id: string;
  readonly name: string;
  readonly kind: Grant["kind"];
  readonly isSession?: boolean;
}

export const notValid: Refusal = { code: "unauthorized", detail: "This token is not valid any more." };

export class Tokens {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  get count(): number {
    return this.#sql.exec<{ count: number }>(`SELECT count(*) AS count FROM tokens`).one().count;
  }

  /** Why no further token is kept; null where one is. Forgets those that have ended. */
  findNoRoom(now: number): Refusal | null {
    this.clean(now);
    if (this.count < maxTokens) return null;
    const detail = `This workspace has ${maxTokens} tokens.`;
    return { code: "limit_reached", detail, hint: "Revoke tokens that are not needed any more." };
  }

  add(token: NewToken, now: number): void {
    const [machine = null] = token.kind === "runner" ? (token.machines ?? []) : [];
    this.#sql.exec(
      `INSERT INTO tokens (hash, id, name, kind, scopes, machine_id, machines, created_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      token.hash,
      token.id,
      token.name,
      token.isSession === true ? "session" : token.kind,
      JSON.stringify(token.scopes),
      machine,
      token.kind === "runner" || token.machines === null ? null : JSON.stringify(token.machines),
      now,
      token.expiresAt,
    );
  }

  /** The token with this hash, unless it has ended. Notes that it is used, now and then. */
  use(hash: string, now: number): KeptToken | null {
    const [row] = this.#sql.exec<TokenRow>(`SELECT * FROM tokens WHERE hash = ?`, hash).toArray();
    if (row === undefined || hasEnded(row, now)) return null;
    if (row.last_used_at === null || now - row.last_used_at >= tokenUseEveryMs) {
      this.#sql.exec(`UPDATE tokens SET last_used_at = ? WHERE hash = ?`, now, hash);
    }
    return toToken(row);
  }

  /** The token with this id, unless it has ended. */
  find(id: string, now: number): KeptToken | null {
    const [row] = this.#sql.exec<TokenRow>(`SELECT * FROM tokens WHERE id = ?`, id).toArray();
    return row === undefined || hasEnded(row, now) ? null : toToken(row);
  }

  /** All that have not ended, oldest first. */
  list(now: number): KeptToken[] {
    return this.#sql
      .exec<TokenRow>(`SELECT * FROM tokens ORDER BY created_at, id`)
      .toArray()
      .filter((row) => !hasEnded(row, now))
      .map(toToken);
  }

  /** The token with this id, if `own` may end it. */
  findRevocable(own: KeptToken, id: string, now: number): Result<KeptToken> {
    const token = this.find(id, now);
    if (token === null || !coversMachines(own, token)) {
      const hint = "GET /v1/tokens lists what exists.";
      return refuse({ code: "not_found", detail: `No token ${JSON.stringify(id)}.`, hint });
    }
    if (isOwner(token) && this.list(now).filter(isOwner).length === 1) {
      const detail = "This is the last token that reaches all machines with the scope `admin` and never ends.";
      return refuse({ code: "limit_reached", detail, hint: "Make another such token first, then revoke this one." });
    }
    return succeed(token);
  }

  remove(id: string): void {
    this.#sql.exec(`DELETE FROM tokens WHERE id = ?`, id);
  }

  /** A machine is gone: its own tokens end, the others reach it no more. */
  removeMachine(machine: string): void {
    this.#sql.exec(`DELETE FROM tokens WHERE machine_id = ?`, machine);
    const some = `SELECT id, machines FROM tokens WHERE machines IS NOT NULL`;
    for (const { id, machines } of this.#sql.exec<{ id: string; machines: string }>(some).toArray()) {
      const rest = (JSON.parse(machines) as string[]).filter((one) => one !== machine);
      this.#sql.exec(`UPDATE tokens SET machines = ? WHERE id = ?`, JSON.stringify(rest), id);
    }
  }

  /** Forgets those that have ended. */
  clean(now: number): void {
    this.#sql.exec(`DELETE FROM tokens WHERE expires_at <= ?`, now);
  }
}

function hasEnded({ expires_at: expiresAt }: TokenRow, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

function toToken(row: TokenRow): KeptToken {
  const machines = row.machines === null ? null : (JSON.parse(row.machines) as string[]);
  return {
    id: row.id,
    name: row.name,
    kind: row.kind === "runner" ? "runner" : "operator",
    isSession: row.kind === "session",
    scopes: JSON.parse(row.scopes) as Scope[],
    machines: row.machine_id === null ? machines : [row.machine_id],
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}

/** Whether the workspace can be looked after with this token for ever. */
function isOwner({ scopes, machines, expiresAt }: KeptToken): boolean {
  return scopes.includes("admin") && machines === null && expiresAt === null;
}

/** What a token allows; `all`: the workspace's machines. */
export function grantOf(token: KeptToken, workspace: string, all: readonly MachineEntry[]): Grant {
  const { id: tokenId, name: tokenName, kind, scopes, expiresAt } = token;
  const machines = [...machinesOf(token, all)];
  return { workspace, tokenId, tokenName, kind, isSession: token.isSession === true, scopes, machines, expiresAt };
}

const toTime = (at: number): string => new Date(at).toISOString();

function presentKind({ kind, isSession }: KeptToken): Token["kind"] {
  if (kind === "runner") return "machine";
  return isSession === true ? "session" : "operator";
}

/** A token as callers see it. */
export function presentToken(token: KeptToken): Token {
  return {
    id: token.id,
    name: token.name,
    kind: presentKind(token),
    scopes: [...token.scopes],
    machines: token.machines === null ? null : [...token.machines],
    created_at: toTime(token.createdAt),
    expires_at: token.expiresAt === null ? null : toTime(token.expiresAt),
    last_used_at: token.lastUsedAt === null ? null : toTime(token.lastUsedAt),
  };
}

/** The page behind `cursor`, of tokens oldest first. */
export function pageTokens(
  tokens: readonly KeptToken[],
  { limit, cursor }: TokensQuery,
): { items: Token[]; next_cursor: string | null } {
  const [time = "", id = ""] = cursor?.split(".") ?? [];
  const isBehind = ({ createdAt, id: own }: KeptToken): boolean =>
    cursor === undefined || createdAt > Number(time) || (createdAt === Number(time) && own > id);
  const rest = tokens.filter(isBehind);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  const next = last === undefined || rest.length <= limit ? null : `${last.createdAt}.${last.id}`;
  return { items: page.map(presentToken), next_cursor: next };
}
