// Tickets of a workspace, kept as hashes: each opens one socket, soon, in the name of the token that asked for it.

import { maxTickets, ticketLifeMs } from "@longwire/shared/limits.ts";
import { refuse, succeed, type Result } from "../result.ts";

export interface KeptTicket {
  /** The id of the token that asked for it. */
  readonly token: string;
  /** The only machine it is for; null: each one the token reaches. */
  readonly machine: string | null;
}

type TicketRow = { token: string; machine: string | null; expires_at: number };

export class Tickets {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** When it ends; refused where too many wait to be used. */
  add(hash: string, { token, machine }: KeptTicket, now: number): Result<number> {
    this.#sql.exec(`DELETE FROM tickets WHERE expires_at <= ?`, now);
    const { count } = this.#sql.exec<{ count: number }>(`SELECT count(*) AS count FROM tickets`).one();
    if (count >= maxTickets) {
      const detail = `This workspace has ${maxTickets} tickets that nobody used yet.`;
      return refuse({ code: "limit_reached", detail, hint: "Ask for a ticket just before it is needed." });
    }
    const expiresAt = now + ticketLifeMs;
    this.#sql.exec(
      `INSERT INTO tickets (hash, token, machine, expires_at) VALUES (?, ?, ?, ?)`,
      hash,
      token,
      machine,
      expiresAt,
    );
    return succeed(expiresAt);
  }

  /** The ticket with this hash, which is none from then on; null where there is none, or it has ended. */
  take(hash: string, now: number): KeptTicket | null {
    const [row] = this.#sql
      .exec<TicketRow>(`DELETE FROM tickets WHERE hash = ? RETURNING token, machine, expires_at`, hash)
      .toArray();
    return row === undefined || row.expires_at <= now ? null : { token: row.token, machine: row.machine };
  }
}
