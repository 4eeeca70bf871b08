// What was asked of a workspace under an `Idempotency-Key`, and what was answered, so that a repeat acts no second time.
// Answers hold no secrets: a repeat derives them anew, from its own token and the salt that is kept here.

import { commandMemoryMs, maxKeptAnswers } from "@longwire/shared/limits.ts";
import { toHex } from "@longwire/shared/token.ts";
import { refuse, succeed, type Result } from "../result.ts";

type Row = { request_hash: string; salt: string; answer: string | null };

const saltBytes = 32;

export class Once {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    sql.exec(
      `CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, request_hash TEXT NOT NULL, salt TEXT NOT NULL,
         created_at INTEGER NOT NULL, answer TEXT) WITHOUT ROWID`,
    );
  }

  #find(key: string): Row | undefined {
    return this.#sql.exec<Row>(`SELECT request_hash, salt, answer FROM answers WHERE key = ?`, key).toArray()[0];
  }

  /** The salt of this request, the same for its repeats. `key` is bound to the token that asks. */
  begin(key: string, requestHash: string, now: number): Result<string> {
    this.#sql.exec(`DELETE FROM answers WHERE created_at < ?`, now - commandMemoryMs);
    const known = this.#find(key);
    if (known !== undefined && known.request_hash !== requestHash) {
      return refuse({ code: "idempotency_conflict", detail: "Another request was made under this Idempotency-Key." });
    }
    if (known !== undefined) return succeed(known.salt);
    const { count } = this.#sql.exec<{ count: number }>(`SELECT count(*) AS count FROM answers`).one();
    if (count >= maxKeptAnswers) {
      const detail = `This workspace keeps ${maxKeptAnswers} answers for repeats.`;
      return refuse({ code: "limit_reached", detail, hint: "Ask without an Idempotency-Key, or later." });
    }
    const salt = toHex(crypto.getRandomValues(new Uint8Array(saltBytes)));
    this.#sql.exec(
      `INSERT INTO answers (key, request_hash, salt, created_at) VALUES (?, ?, ?, ?)`,
      key,
      requestHash,
      salt,
      now,
    );
    return succeed(salt);
  }

  /** What was answered under this key; otherwise `act` is done, and its answer kept unless it refuses. In one turn. */
  run<T>(key: string | null, act: () => Result<T>): Result<T> {
    const known = key === null ? undefined : this.#find(key);
    if (known?.answer != null) return succeed(JSON.parse(known.answer) as T);
    const result = act();
    if (result.ok && known !== undefined) {
      this.#sql.exec(`UPDATE answers SET answer = ? WHERE key = ?`, JSON.stringify(result.value), key);
    }
    return result;
  }
}
