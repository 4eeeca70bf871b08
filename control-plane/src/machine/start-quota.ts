// A machine's quota of starts: what was spent of it is kept, so that it holds across the object's sleep.

import type { Refusal } from "@longwire/shared/errors.ts";
import { readStartQuota, takeStart } from "@longwire/shared/start-quota.ts";
import type { Env } from "../env.ts";
import { readMeta, writeMeta } from "./schema.ts";

const key = "starts_spent_until";

export class StartQuota {
  readonly #sql: SqlStorage;
  readonly #perMinute: number;

  /** Throws where `STARTS_PER_MINUTE` is wrong. */
  constructor(sql: SqlStorage, env: Env) {
    const perMinute = readStartQuota(env.STARTS_PER_MINUTE);
    if (perMinute === null) throw new Error("STARTS_PER_MINUTE must be a whole number from 1 to 100000000");
    this.#sql = sql;
    this.#perMinute = perMinute;
  }

  /** Takes one start; a refusal where there is none left. */
  take(now: number): Refusal | null {
    const verdict = takeStart(Number(readMeta(this.#sql, key) ?? 0), this.#perMinute, now);
    if (verdict.type === "taken") {
      writeMeta(this.#sql, key, String(verdict.spentUntil));
      return null;
    }
    const detail = `At most ${this.#perMinute} runs are begun on a machine in a minute, restarts included.`;
    return { code: "rate_limited", detail, retryAfterMs: verdict.retryAfterMs };
  }
}
