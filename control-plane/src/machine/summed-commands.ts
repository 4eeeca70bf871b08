// Commands that come many times a second cost the audit no row of their own: they stand with their command's row, and
// one entry sums up what each actor did to each process: before the next entry of another kind, after 64 of them, or
// when the first is 10 minutes old. What waits is found in the rows again after a sleep: it is dated after the last entry.

import type { CommandId } from "@longwire/shared/ids.ts";
import { maxSummedCommands, summedWithinMs } from "@longwire/shared/limits.ts";
import type { AuditChain } from "../audit/chain.ts";
import { askedNoteSchema, type AskedNote } from "./asked-command.ts";

type Row = { id: string; audit: string; summed_at: number };

interface Waiting {
  readonly id: CommandId;
  readonly note: AskedNote;
  readonly at: number;
}

export class SummedCommands {
  readonly #sql: SqlStorage;
  readonly #chain: AuditChain;
  /** Null until they were looked for. */
  #known: Waiting[] | null = null;

  constructor(sql: SqlStorage, chain: AuditChain) {
    this.#sql = sql;
    this.#chain = chain;
  }

  get #waiting(): Waiting[] {
    return (this.#known ??= this.#load());
  }

  #load(): Waiting[] {
    const rows = this.#sql.exec<Row>(
      `SELECT id, audit, summed_at FROM commands WHERE summed_at > ? ORDER BY summed_at`,
      this.#chain.lastAt,
    );
    return [...rows].map((row) => ({
      id: row.id as CommandId,
      note: askedNoteSchema.parse(JSON.parse(row.audit)),
      at: row.summed_at,
    }));
  }

  /** The date of a command that is to be summed up: after the last entry's, by which it is found again. */
  dateFor(now: number): number {
    return Math.max(now, this.#chain.lastAt + 1);
  }

  add(waiting: Waiting): void {
    this.#waiting.push(waiting);
  }

  /** Sums up what has waited long enough, or is enough. */
  flushDue(now: number): void {
    const [first] = this.#waiting;
    if (first === undefined) return;
    if (this.#waiting.length >= maxSummedCommands || now - first.at >= summedWithinMs) this.flush(now);
  }

  flush(now: number): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    const end = Math.max(now, ...waiting.map(({ at }) => at));
    const groups = Map.groupBy(waiting, ({ note: { actor, act, target } }) => JSON.stringify([actor, act, target]));
    for (const group of groups.values()) {
      const [first] = group;
      if (first === undefined) continue;
      const { actor, act, target } = first.note;
      const sums = {
        since: new Date(first.at).toISOString(),
        count: group.length,
        bytes: group.reduce((sum, { note }) => sum + note.bytes, 0),
        command_ids: group.map(({ id }) => id),
      };
      this.#chain.append({ actor, act, target, outcome: "sent", ...sums }, end);
    }
    this.#known = [];
  }

  reread(): void {
    this.#known = null;
  }
}
