// The machine's log: takes batches in, once each and in order, and reads rows back. What it keeps in memory is a
// cache of the checkpoint and the headers stored since, and is rebuilt from them when the object wakes.

import * as z from "zod";
import {
  checkSchema,
  processIdSchema,
  recordNumberSchema,
  runNumberSchema,
  spoolIdSchema,
  type SpoolId,
} from "@longwire/shared/ids.ts";
import { checkpointEvery } from "@longwire/shared/limits.ts";
import { judgeBatch, type BatchVerdict, type Position } from "@longwire/shared/positions.ts";
import { batchHeaderSchema, type BatchHeader } from "@longwire/shared/wire/batch.ts";
import type { CommandFact } from "@longwire/shared/wire/facts.ts";
import { LogTables } from "./log-tables.ts";
import { StoredBatch } from "./stored-batch.ts";
import { Runs } from "./runs.ts";

const checkpointSchema = z.object({
  head: z.number().int(),
  bytes: z.number().int(),
  positions: z.array(z.tuple([spoolIdSchema, recordNumberSchema, checkSchema])),
  live: z.array(z.tuple([processIdSchema, runNumberSchema, z.number().int()])),
});

export class Log {
  readonly #sql: SqlStorage;
  readonly #tables: LogTables;
  readonly #positions = new Map<SpoolId, Position>();
  readonly runs: Runs;
  /** The highest seq stored; 0 while the log is empty. */
  head = 0;
  #sinceCheckpoint = 0;
  /** The newest batch as it was stored, for viewers that have all before it. */
  #newest: StoredBatch | null = null;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#tables = new LogTables(sql);
    this.runs = new Runs(sql);
    this.#restore();
  }

  #restore(): void {
    const [row] = this.#sql.exec<{ body: string }>(`SELECT body FROM checkpoint`).toArray();
    if (row !== undefined) {
      const checkpoint = checkpointSchema.parse(JSON.parse(row.body));
      this.head = checkpoint.head;
      this.#tables.bytes = checkpoint.bytes;
      for (const [spool, next, check] of checkpoint.positions) this.#positions.set(spool, { next, check });
      for (const [process, run, bytes] of checkpoint.live) this.runs.restore(process, run, bytes);
    }
    for (const stored of this.#tables.headersFrom(this.head + 1)) {
      const header = batchHeaderSchema.parse(JSON.parse(stored.header));
      for (const part of header.parts) {
        this.#positions.set(part.spool, { next: part.from_record + part.count, check: part.check_last });
      }
      for (const fact of header.facts) if (fact.type !== "command") this.runs.apply(fact, false);
      this.head = stored.seq + header.facts.length - 1;
      this.#tables.bytes += stored.bytes;
      this.#sinceCheckpoint++;
    }
  }

  get positions(): ReadonlyMap<SpoolId, Position> {
    return this.#positions;
  }

  /** Judges a batch and, where it is new, stores it as one row with its lifecycle facts. The caller's transaction. */
  append(header: BatchHeader, headerText: string, payload: Uint8Array): BatchVerdict {
    const verdict = judgeBatch(this.#positions, header.parts);
    if (verdict.type !== "store") return verdict;
    const seq = this.head + 1;
    const begins = this.#tables.insert({ seq, header: headerText, payload });
    for (const [spool, position] of verdict.positions) this.#positions.set(spool, position);
    for (const fact of header.facts) if (fact.type !== "command") this.runs.apply(fact, true);
    this.head = seq + header.facts.length - 1;
    this.#newest = new StoredBatch(seq, header, payload, this.runs);
    if (begins || ++this.#sinceCheckpoint >= checkpointEvery) this.#checkpoint();
    return verdict;
  }

  /** Drops what is known of spools whose files are gone. */
  forget(spools: readonly SpoolId[]): void {
    if (spools.map((spool) => this.#positions.delete(spool)).includes(true)) this.#checkpoint();
  }

  #checkpoint(): void {
    const body: z.infer<typeof checkpointSchema> = {
      head: this.head,
      bytes: this.#tables.bytes,
      positions: [...this.#positions].map(([spool, { next, check }]) => [spool, next, check]),
      live: [...this.runs.live].map((view) => [view.process, view.run, view.output_bytes]),
    };
    this.#sql.exec(
      `INSERT INTO checkpoint (id, body) VALUES (1, ?) ON CONFLICT DO UPDATE SET body = excluded.body`,
      JSON.stringify(body),
    );
    this.#sinceCheckpoint = 0;
  }

  /** The batch that holds `seq`, which must not lie beyond the head. */
  batchAt(seq: number): StoredBatch | null {
    if (this.#newest !== null && seq >= this.#newest.seq) return this.#newest;
    const row = this.#tables.rowAt(seq);
    if (row === null) return null;
    return new StoredBatch(row.seq, batchHeaderSchema.parse(JSON.parse(row.header)), row.payload, this.runs);
  }
}

/** Outcomes of commands among a batch's facts. */
export function commandFacts(header: BatchHeader): CommandFact[] {
  return header.facts.filter((fact) => fact.type === "command");
}
