// One-time secrets of a workspace, kept as hashes: each is good for one session, soon, that reaches what was asked for
// when the secret was made.

import { maxSignIns, signInLifeMs } from "@longwire/shared/limits.ts";
import type { Scope } from "@longwire/shared/scopes.ts";
import { refuse, succeed, type Result } from "../result.ts";
import type { Reach } from "./reach.ts";

export interface KeptSignIn {
  /** The id of the token that asked for it. */
  readonly token: string;
  readonly reach: Pick<Reach, "scopes" | "machines">;
}

type SignInRow = { token: string; scopes: string; machines: string | null; expires_at: number };

export class SignIns {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** When it ends; refused where too many wait to be used. */
  add(hash: string, { token, reach }: KeptSignIn, now: number): Result<number> {
    this.#sql.exec(`DELETE FROM sign_ins WHERE expires_at <= ?`, now);
    const { count } = this.#sql.exec<{ count: number }>(`SELECT count(*) AS count FROM sign_ins`).one();
    if (count >= maxSignIns) {
      const detail = `This workspace has ${maxSignIns} secrets that nobody signed in with yet.`;
      return refuse({ code: "limit_reached", detail, hint: "They end within 5 minutes." });
    }
    const expiresAt = now + signInLifeMs;
    this.#sql.exec(
      `INSERT INTO sign_ins (hash, token, scopes, machines, expires_at) VALUES (?, ?, ?, ?, ?)`,
      hash,
      token,
      JSON.stringify(reach.scopes),
      reach.machines === null ? null : JSON.stringify(reach.machines),
      expiresAt,
    );
    return succeed(expiresAt);
  }

  /** The one with this hash, which is none from then on; null where there is none, or it has ended. */
  take(hash: string, now: number): KeptSignIn | null {
    const [row] = this.#sql
      .exec<SignInRow>(`DELETE FROM sign_ins WHERE hash = ? RETURNING token, scopes, machines, expires_at`, hash)
      .toArray();
    if (row === undefined || row.expires_at <= now) return null;
    const machines = row.machines === null ? null : (JSON.parse(row.machines) as string[]);
    return { token: row.token, reach: { scopes: JSON.parse(row.scopes) as Scope[], machines } };
  }
}
