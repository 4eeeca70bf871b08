// What is still to be sent, and what became of the last that was: one row a delivery, so that no end of the object
// loses one. A delivery that has ended has no next try, and keeps nothing of what was sent.

import type { WebhookResult } from "@longwire/shared/api/webhooks.ts";
import { keptResults, maxWaitingDeliveries } from "@longwire/shared/limits.ts";
import type { Answer, Verdict } from "./judge-try.ts";
import type { OwedEvent } from "./orders.ts";

type Row = {
  id: string;
  webhook: string;
  type: string;
  body: string;
  created_at: number;
  tries: number;
  /** When it is tried next; null: it has ended. */
  next_at: number | null;
  tried_at: number | null;
  status: number | null;
  error: string | null;
};

export interface Delivery {
  readonly id: string;
  readonly body: string;
  readonly createdAt: number;
  readonly tries: number;
}

export class Deliveries {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      `CREATE TABLE IF NOT EXISTS deliveries (n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, webhook TEXT NOT NULL,
         machine TEXT NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, created_at INTEGER NOT NULL,
         tries INTEGER NOT NULL DEFAULT 0, next_at INTEGER, tried_at INTEGER, status INTEGER, error TEXT)`,
    );
  }

  /** Takes an event in, once; false where the webhook has as many that wait as it may. */
  add(event: OwedEvent, machine: string, now: number): boolean {
    if (this.waiting(event.webhook) >= maxWaitingDeliveries) return false;
    this.#sql.exec(
      `INSERT OR IGNORE INTO deliveries (id, webhook, machine, type, body, created_at, next_at) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      event.id,
      event.webhook,
      machine,
      event.type,
      event.body,
      now,
      now,
    );
    return true;
  }

  waiting(webhook: string): number {
    const query = `SELECT count(*) AS count FROM deliveries WHERE webhook = ? AND next_at IS NOT NULL`;
    return this.#sql.exec<{ count: number }>(query, webhook).one().count;
  }

  /** When the first one is to be tried; null where none waits. */
  get nextAt(): number | null {
    return this.#sql.exec<{ at: number | null }>(`SELECT min(next_at) AS at FROM deliveries`).one().at;
  }

  /** Webhooks with something to be tried now. */
  due(now: number): string[] {
    const query = `SELECT DISTINCT webhook FROM deliveries WHERE next_at <= ?`;
    return this.#sql
      .exec<{ webhook: string }>(query, now)
      .toArray()
      .map(({ webhook }) => webhook);
  }

  /** The one to be tried now, the oldest first; null where there is none. */
  next(webhook: string, now: number): Delivery | null {
    const query = `SELECT * FROM deliveries WHERE webhook = ? AND next_at <= ? ORDER BY n LIMIT 1`;
    const [row] = this.#sql.exec<Row>(query, webhook, now).toArray();
    if (row === undefined) return null;
    return { id: row.id, body: row.body, createdAt: row.created_at, tries: row.tries };
  }

  /** Notes what came of a try. What was removed meanwhile stays so. */
  tried(webhook: string, id: string, answer: Answer, verdict: Verdict, now: number): void {
    const status = "status" in answer ? answer.status : null;
    const error = verdict.type === "delivered" ? null : verdict.error;
    const nextAt = verdict.type === "again" ? verdict.at : null;
    this.#sql.exec(
      `UPDATE deliveries SET tries = tries + 1, tried_at = ?, status = ?, error = ?, next_at = ?,
         body = iif(?, body, '') WHERE id = ?`,
      now,
      status,
      error,
      nextAt,
      nextAt === null ? 0 : 1,
      id,
    );
    if (nextAt === null) this.#forgetOld(webhook);
  }

  #forgetOld(webhook: string): void {
    const ended = `FROM deliveries WHERE webhook = ? AND next_at IS NULL`;
    this.#sql.exec(
      `DELETE ${ended} AND n NOT IN (SELECT n ${ended} ORDER BY n DESC LIMIT ?)`,
      webhook,
      webhook,
      keptResults,
    );
  }

  /** Ends all that wait, as failed. */
  giveUp(webhook: string, error: string): void {
    this.#sql.exec(
      `UPDATE deliveries SET next_at = NULL, body = '', error = ? WHERE webhook = ? AND next_at IS NOT NULL`,
      error,
      webhook,
    );
    this.#forgetOld(webhook);
  }

  removeOf(webhook: string): void {
    this.#sql.exec(`DELETE FROM deliveries WHERE webhook = ?`, webhook);
  }

  removeMachine(machine: string): void {
    this.#sql.exec(`DELETE FROM deliveries WHERE machine = ?`, machine);
  }

  /** Of the last ones, newest first. */
  results(webhook: string): WebhookResult[] {
    const query = `SELECT * FROM deliveries WHERE webhook = ? ORDER BY n DESC LIMIT ?`;
    return this.#sql.exec<Row>(query, webhook, keptResults).toArray().map(toResult);
  }
}

const toTime = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

function toResult({ id, type, status, error, tries, next_at, tried_at }: Row): WebhookResult {
  const state = next_at !== null ? "waiting" : error === null ? "delivered" : "failed";
  const times = { at: toTime(tried_at), tries, next_at: toTime(next_at) };
  return { id, type: type as WebhookResult["type"], state, status, error, ...times };
}
