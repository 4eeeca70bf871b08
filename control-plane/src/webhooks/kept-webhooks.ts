// The webhooks of a workspace as they are kept, with the secrets they sign with.

import type { WebhookRequest } from "@longwire/shared/api/webhook-requests.ts";
import type { WebhookEvent } from "@longwire/shared/api/webhooks.ts";
import type { MadeWebhook } from "./new-webhook.ts";

export interface KeptWebhook extends MadeWebhook {
  readonly name: string | null;
  readonly url: string;
  readonly events: readonly WebhookEvent[];
  /** Ids; null: all machines, those to come included. */
  readonly machines: readonly string[] | null;
  readonly process: string | null;
  readonly tag: string | null;
  readonly pattern: string | null;
  /** The id of the token it was made with. */
  readonly madeBy: string;
  /** Times are milliseconds. */
  readonly createdAt: number;
  /** Since when nothing has arrived; null: the last delivery did, or there was none. */
  readonly failingSince: number | null;
  readonly disabledAt: number | null;
  readonly dropped: number;
}

type Row = { id: string; body: string; failing_since: number | null; disabled_at: number | null; dropped: number };
type Body = Omit<KeptWebhook, "id" | "failingSince" | "disabledAt" | "dropped">;

export class KeptWebhooks {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      `CREATE TABLE IF NOT EXISTS webhooks (id TEXT PRIMARY KEY, created_at INTEGER NOT NULL, body TEXT NOT NULL,
         failing_since INTEGER, disabled_at INTEGER, dropped INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID`,
    );
    sql.exec(`CREATE TABLE IF NOT EXISTS webhook_changes (id INTEGER PRIMARY KEY CHECK (id = 1), n INTEGER NOT NULL)`);
  }

  /** How often anything of the webhooks changed. */
  get version(): number {
    const [row] = this.#sql.exec<{ n: number }>(`SELECT n FROM webhook_changes`).toArray();
    return row?.n ?? 0;
  }

  #noteChange(): void {
    this.#sql.exec(`INSERT INTO webhook_changes (id, n) VALUES (1, 1) ON CONFLICT DO UPDATE SET n = n + 1`);
  }

  /** Oldest first. */
  list(): KeptWebhook[] {
    return this.#sql.exec<Row>(`SELECT * FROM webhooks ORDER BY created_at, id`).toArray().map(toWebhook);
  }

  find(id: string): KeptWebhook | null {
    const [row] = this.#sql.exec<Row>(`SELECT * FROM webhooks WHERE id = ?`, id).toArray();
    return row === undefined ? null : toWebhook(row);
  }

  add(
    made: MadeWebhook,
    asked: WebhookRequest,
    own: { readonly url: string; readonly machines: readonly string[] | null; readonly madeBy: string },
    now: number,
  ): KeptWebhook {
    const { name = null, events, process = null, tag = null, pattern = null } = asked;
    const { id, secret } = made;
    const body: Body = { secret, name, events, process, tag, pattern, ...own, createdAt: now };
    this.#sql.exec(`INSERT INTO webhooks (id, created_at, body) VALUES (?, ?, ?)`, id, now, JSON.stringify(body));
    this.#noteChange();
    return { id, ...body, failingSince: null, disabledAt: null, dropped: 0 };
  }

  remove(id: string): void {
    this.#sql.exec(`DELETE FROM webhooks WHERE id = ?`, id);
    this.#noteChange();
  }

  disable(id: string, now: number): void {
    this.#sql.exec(`UPDATE webhooks SET disabled_at = ? WHERE id = ?`, now, id);
    this.#noteChange();
  }

  /** Null: the last delivery arrived. Writes only what changes. */
  setFailing(id: string, since: number | null): void {
    this.#sql.exec(`UPDATE webhooks SET failing_since = ? WHERE id = ? AND failing_since IS NOT ?`, since, id, since);
  }

  addDropped(id: string, count: number): void {
    this.#sql.exec(`UPDATE webhooks SET dropped = dropped + ? WHERE id = ?`, count, id);
  }

  /** A machine is gone: no webhook is told of it any more. */
  removeMachine(machine: string): void {
    for (const { id, failingSince: _f, disabledAt: _d, dropped: _n, ...body } of this.list()) {
      if (body.machines?.includes(machine) !== true) continue;
      const machines = body.machines.filter((one) => one !== machine);
      this.#sql.exec(`UPDATE webhooks SET body = ? WHERE id = ?`, JSON.stringify({ ...body, machines }), id);
    }
  }
}

function toWebhook({ id, body, failing_since, disabled_at, dropped }: Row): KeptWebhook {
  return { id, ...(JSON.parse(body) as Body), failingSince: failing_since, disabledAt: disabled_at, dropped };
}
