// Invitations of a workspace, kept as hashes of their codes. A code that was used or is too old is remembered until
// nobody can mean it any more, so that it is told from a wrong one; after too many wrong ones none is looked at.

import type { Refusal } from "@longwire/shared/errors.ts";
import { inviteLifeMs, maxInvites, maxWrongCodes, wrongCodesWithinMs } from "@longwire/shared/limits.ts";
import type { Scope } from "@longwire/shared/scopes.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { Reach } from "./reach.ts";

type InviteRow = {
  hash: string;
  id: string;
  kind: string;
  name: string;
  scopes: string;
  machines: string | null;
  token_expires_at: number | null;
  expires_at: number;
  made_by: string;
  used_at: number | null;
};

/** What an invitation is for: a machine, or a token that reaches so far. */
export interface Invitation extends Reach {
  readonly id: string;
  readonly kind: "machine" | "token";
  /** The token's name; of a machine, which names itself, none. */
  readonly name: string;
  /** The id of the token that made it. */
  readonly madeBy: string;
}

export const codeRefused: Refusal = {
  code: "join_code_refused",
  detail: "This join code is wrong, used up or too old.",
};

const describeUse = {
  machine: "Give it to `runner connect --join`.",
  token: "Redeem it with POST /v1/invites/redeem, or sign in with it.",
} as const;

/** A good code, used for what it is not for. */
export function refuseUse(is: Invitation["kind"], asked: Invitation["kind"]): Refusal {
  const detail = `This join code is for a ${is}, not for a ${asked}. It is still good.`;
  return { ...codeRefused, detail, hint: describeUse[is] };
}

export class Invites {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Whether one more may be open. Forgets those nobody can mean any more. */
  hasRoom(now: number): boolean {
    this.#sql.exec(`DELETE FROM invites WHERE expires_at < ?`, now - inviteLifeMs);
    const open = `SELECT count(*) AS count FROM invites WHERE used_at IS NULL AND expires_at > ?`;
    return this.#sql.exec<{ count: number }>(open, now).one().count < maxInvites;
  }

  /** When it ends. */
  add(hash: string, invitation: Invitation, now: number): number {
    const { id, kind, name, scopes, machines, expiresAt, madeBy } = invitation;
    this.#sql.exec(
      `INSERT INTO invites (hash, id, kind, name, scopes, machines, token_expires_at, expires_at, made_by)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      hash,
      id,
      kind,
      name,
      JSON.stringify(scopes),
      machines === null ? null : JSON.stringify(machines),
      expiresAt,
      now + inviteLifeMs,
      madeBy,
    );
    return now + inviteLifeMs;
  }

  /** The invitation a code with this hash stands for, if it may be used. Writes nothing but that a code was wrong. */
  look(hash: string, now: number): Result<Invitation> {
    const waitMs = this.#waitMs(now);
    if (waitMs > 0) {
      const detail = "Too many wrong join codes came for this workspace.";
      return refuse({ code: "rate_limited", detail, retryAfterMs: waitMs });
    }
    const [row] = this.#sql.exec<InviteRow>(`SELECT * FROM invites WHERE hash = ?`, hash).toArray();
    if (row === undefined) this.#sql.exec(`INSERT INTO wrong_codes (at) VALUES (?)`, now);
    return row === undefined || row.used_at !== null || row.expires_at <= now
      ? refuse(codeRefused)
      : succeed(read(row));
  }

  /** How long none is looked at, for the wrong ones that came. */
  #waitMs(now: number): number {
    this.#sql.exec(`DELETE FROM wrong_codes WHERE at <= ?`, now - wrongCodesWithinMs);
    const query = `SELECT count(*) AS count, min(at) AS first FROM wrong_codes`;
    const { count, first } = this.#sql.exec<{ count: number; first: number | null }>(query).one();
    return count < maxWrongCodes ? 0 : (first ?? now) + wrongCodesWithinMs - now;
  }

  /** It is good no more. To be called in one transaction with what it was good for. */
  use(id: string, now: number): void {
    this.#sql.exec(`UPDATE invites SET used_at = ? WHERE id = ?`, now, id);
  }
}

function read(row: InviteRow): Invitation {
  return {
    id: row.id,
    kind: row.kind === "machine" ? "machine" : "token",
    name: row.name,
    scopes: JSON.parse(row.scopes) as Scope[],
    machines: row.machines === null ? null : (JSON.parse(row.machines) as string[]),
    expiresAt: row.token_expires_at,
    madeBy: row.made_by,
  };
}
