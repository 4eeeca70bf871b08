// Commands on their way to the runner: stored before they are sent, answered by the fact that carries their id.
// A command under an idempotency key is stored once; a repeat waits for the first one's outcome.

import type { Refusal } from "@longwire/shared/errors.ts";
import type { CommandId } from "@longwire/shared/ids.ts";
import { commandMemoryMs, commandTtlMs, maxPendingCommands } from "@longwire/shared/limits.ts";
import { operationSchema, type Command } from "@longwire/shared/wire/commands.ts";
import { commandFactSchema, type CommandFact } from "@longwire/shared/wire/facts.ts";
import { askedNoteSchema, type AskedCommand, type AskedNote, type AskedRow } from "./asked-command.ts";

type CommandRow = {
  id: string;
  request_hash: string;
  operation: string;
  expires_at: number;
  outcome: string | null;
  audit: string | null;
};
const columns = "id, request_hash, operation, expires_at, outcome, audit";

/** What is to be done with a command that arrives. */
export type Intake =
  | { readonly type: "send"; readonly command: Command; readonly isRepeat: boolean }
  | { readonly type: "answered"; readonly outcome: CommandFact }
  | { readonly type: "refused"; readonly refusal: Refusal };

const cleanEveryMs = 3600_000;

export class Commands {
  readonly #sql: SqlStorage;
  #cleanedAt = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** Whether a command with this id was stored within the last 24 hours. */
  knows(id: CommandId): boolean {
    return this.#sql.exec(`SELECT 1 FROM commands WHERE id = ?`, id).toArray().length > 0;
  }

  /** Stores a new command, or finds what became of the one with the same id. */
  take(asked: AskedCommand, row: AskedRow, requestHash: string, now: number): Intake {
    this.#clean(now);
    const [known] = this.#sql.exec<CommandRow>(`SELECT ${columns} FROM commands WHERE id = ?`, asked.id).toArray();
    if (known === undefined) return this.#store(asked, row, requestHash, now);
    if (known.request_hash !== requestHash) {
      const detail = "This Idempotency-Key came with another method, path or body within the last 24 hours.";
      return { type: "refused", refusal: { code: "idempotency_conflict", detail } };
    }
    if (known.outcome !== null) {
      return { type: "answered", outcome: commandFactSchema.parse(JSON.parse(known.outcome)) };
    }
    return this.#renew(asked, now);
  }

  #store(asked: AskedCommand, row: AskedRow, requestHash: string, now: number): Intake {
    const { id, operation, actor } = asked;
    const command = { id, expires_at: now + commandTtlMs, operation, actor };
    this.#sql.exec(
      `INSERT INTO commands (id, request_hash, operation, created_at, expires_at, audit, summed_at)
       VALUES (?, ?, ?, ?, ?, ?, ?)`,
      id,
      requestHash,
      JSON.stringify(operation),
      now,
      command.expires_at,
      JSON.stringify(row.note),
      row.summedAt,
    );
    return { type: "send", command, isRepeat: false };
  }

  /** A repeat of a command nobody answered: sent again under its id, which the runner acts on once. */
  #renew({ id, operation, actor }: AskedCommand, now: number): Intake {
    const command = { id, expires_at: now + commandTtlMs, operation, actor };
    this.#sql.exec(
      `UPDATE commands SET expires_at = ?, operation = ? WHERE id = ?`,
      command.expires_at,
      JSON.stringify(operation),
      id,
    );
    return { type: "send", command, isRepeat: true };
  }

  /** What an expired command asked for is of no use any more; a repeat brings it along. */
  #clean(now: number): void {
    if (now - this.#cleanedAt < cleanEveryMs) return;
    this.#cleanedAt = now;
    this.#sql.exec(`DELETE FROM commands WHERE created_at < ?`, now - commandMemoryMs);
    this.#sql.exec(`UPDATE commands SET operation = '' WHERE expires_at < ? AND operation <> ''`, now);
  }

  /** Commands without an outcome that may still be admitted; what a runner is told when it connects. */
  pending(now: number): Command[] {
    return this.#sql
      .exec<CommandRow>(
        `SELECT ${columns} FROM commands WHERE outcome IS NULL AND expires_at > ? ORDER BY created_at LIMIT ?`,
        now,
        maxPendingCommands,
      )
      .toArray()
      .map(toCommand);
  }

  /** Keeps an outcome under its command's id. What was asked for is not needed any more, and may hold secrets. */
  settle(outcome: CommandFact): void {
    this.#sql.exec(
      `UPDATE commands SET outcome = ?, operation = '' WHERE id = ?`,
      JSON.stringify(outcome),
      outcome.command_id,
    );
  }

  /** Who asked for a command, and what an audit calls it; null where that is not known. */
  noteOf(id: CommandId): AskedNote | null {
    const [row] = this.#sql.exec<{ audit: string | null }>(`SELECT audit FROM commands WHERE id = ?`, id).toArray();
    return row?.audit == null ? null : askedNoteSchema.parse(JSON.parse(row.audit));
  }

  /** What became of a command; null while nobody knows. */
  outcome(id: CommandId): CommandFact | null {
    const [row] = this.#sql.exec<{ outcome: string | null }>(`SELECT outcome FROM commands WHERE id = ?`, id).toArray();
    return row?.outcome == null ? null : commandFactSchema.parse(JSON.parse(row.outcome));
  }
}

function toCommand(row: CommandRow): Command {
  return {
    id: row.id as CommandId,
    expires_at: row.expires_at,
    operation: operationSchema.parse(JSON.parse(row.operation)),
    ...(row.audit === null ? {} : { actor: askedNoteSchema.parse(JSON.parse(row.audit)).actor }),
  };
}
