// The machine's log: takes batches in, once each and in order, and reads rows back. What it keeps in memory is a
// cache of the checkpoint and the headers stored since, and is rebuilt from them when the object wakes.

import * as z from "zod";
import {
  checkSchema,
  processIdSchema,
  recordNumberSchema,
  runNumberSchema,
  spoolIdSchema,
  type ProcessId,
  type SpoolId,
} from "@longwire/shared/ids.ts";
import { checkpointEvery } from "@longwire/shared/limits.ts";
import { judgeBatch, type BatchVerdict, type Position } from "@longwire/shared/positions.ts";
import { findExpired, type Retention } from "@longwire/shared/retention.ts";
import type { RunView } from "@longwire/shared/run-view.ts";
import type { BatchHeader } from "@longwire/shared/wire/batch.ts";
import { isRunFact, type CommandFact, type Fact } from "@longwire/shared/wire/facts.ts";
import type { Hello } from "@longwire/shared/wire/link.ts";
import { Kept, type OutputPiece } from "./kept.ts";
import { findDivergence, findRestore, findSpoolLosses, type Loss, type LossContext, asStored } from "./losses.ts";
import { rowHeaderSchema, type RowHeader } from "./row-header.ts";
import { LogTables, type LogHeader } from "./log-tables.ts";
import { readTail, seqOfOutput } from "./read-tail.ts";
import { StoredBatch } from "./stored-batch.ts";
import { Runs } from "./runs.ts";

const checkpointSchema = z.object({
  head: z.number().int(),
  bytes: z.number().int(),
  positions: z.array(z.tuple([spoolIdSchema, recordNumberSchema, checkSchema.nullable()])),
  /** Of each live run how much it printed, and the seq of its last output. */
  live: z.array(z.tuple([processIdSchema, runNumberSchema, z.number().int(), z.number().int().default(0)])),
});

/** What became of a batch; of one that was stored, its facts as they stand in the log, and the seq of the first. */
export type Appended = Exclude<BatchVerdict, { type: "store" }> | StoredFacts;

export interface StoredFacts {
  readonly type: "store";
  readonly facts: readonly Fact[];
  readonly firstSeq: number;
}

export class Log {
  readonly #storage: DurableObjectStorage;
  readonly #sql: SqlStorage;
  readonly #retention: Retention;
  readonly #tables: LogTables;
  readonly #kept: Kept;
  readonly #positions = new Map<SpoolId, Position>();
  readonly runs: Runs;
  /** The highest seq stored; 0 while the log is empty. */
  head = 0;
  #sinceCheckpoint = 0;
  /** The newest batch as it was stored, for viewers that have all before it. */
  #newest: StoredBatch | null = null;

  constructor(storage: DurableObjectStorage, retention: Retention) {
    const { sql } = storage;
    this.#storage = storage;
    this.#sql = sql;
    this.#retention = retention;
    this.#tables = new LogTables(sql, retention.partitionBytes);
    this.#kept = new Kept(sql);
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
      for (const live of checkpoint.live) this.runs.restore(...live);
    }
    for (const stored of this.#tables.headersFrom(this.head + 1)) {
      const header = rowHeaderSchema.parse(JSON.parse(stored.header));
      for (const { spool, next } of header.moved ?? []) this.#positions.set(spool, { next, check: null });
      for (const part of header.parts) {
        this.#positions.set(part.spool, { next: part.from_record + part.count, check: part.check_last });
      }
      for (const [at, fact] of header.facts.entries()) {
        if (isRunFact(fact)) this.runs.apply(stored.seq + at, fact, false);
      }
      this.head = stored.seq + header.facts.length - 1;
      this.#tables.bytes += stored.bytes;
      this.#sinceCheckpoint++;
    }
  }

  get positions(): ReadonlyMap<SpoolId, Position> {
    return this.#positions;
  }

  /**
   * Judges a batch and, where it is new, stores it as one row with its lifecycle facts; what is lost before it, as rows
   * of their own; and what `onStored` writes: all of it or nothing.
   */
  append(
    header: BatchHeader,
    headerText: string,
    payload: Uint8Array<ArrayBuffer>,
    now: number,
    onStored: (stored: StoredFacts) => void = () => {},
  ): Appended {
    const verdict = judgeBatch(this.#positions, header.parts);
    if (verdict.type !== "store") return verdict;
    return this.#storage.transactionSync((): StoredFacts => {
      for (const loss of findDivergence(this.#held, header, verdict.diverged, now)) this.#tell(this.head + 1, loss);
      const kept = asStored(this.#held, header);
      const keptText = kept === header ? headerText : JSON.stringify(kept);
      const firstSeq = this.head + 1;
      this.#insert(firstSeq, kept, keptText, payload, verdict.positions);
      const stored: StoredFacts = { type: "store", facts: kept.facts, firstSeq };
      onStored(stored);
      return stored;
    });
  }

  /** Stores what is lost by what a runner says it has; whether anything is, and whether a backup was restored. */
  meet(hello: Hello, now: number): { readonly isLoss: boolean; readonly isRestored: boolean } {
    return this.#storage.transactionSync(() => this.#meet(hello, now));
  }

  #meet(hello: Hello, now: number): { readonly isLoss: boolean; readonly isRestored: boolean } {
    const restored = findRestore(this.head, hello.last_seq, now);
    if (restored !== null) this.#tell(restored.to_seq + 1, { fact: restored, moved: null });
    const losses = findSpoolLosses(this.#held, hello, now);
    for (const loss of losses) this.#tell(this.head + 1, loss);
    const isRestored = restored !== null;
    return { isLoss: isRestored || losses.length > 0, isRestored };
  }

  get #held(): LossContext {
    return { positions: this.#positions, find: (process, run) => this.runs.find(process, run) };
  }

  #tell(seq: number, { fact, moved }: Loss): void {
    const to = moved === null ? {} : { moved: [{ spool: moved.spool, next: moved.position.next }] };
    const header: RowHeader = { parts: [], ...to, facts: [fact] };
    const positions = new Map(moved === null ? [] : [[moved.spool, moved.position]]);
    this.#insert(seq, header, JSON.stringify(header), new Uint8Array(0), positions);
  }

  #insert(
    seq: number,
    header: RowHeader,
    headerText: string,
    payload: Uint8Array<ArrayBuffer>,
    positions: ReadonlyMap<SpoolId, Position>,
  ): void {
    const begins = this.#tables.insert({ seq, header: headerText, payload });
    for (const [spool, position] of positions) this.#positions.set(spool, position);
    for (const [at, fact] of header.facts.entries()) {
      if (isRunFact(fact)) this.runs.apply(seq + at, fact, true);
    }
    this.head = seq + header.facts.length - 1;
    this.#newest?.release();
    this.#newest = new StoredBatch(seq, header, payload, this.runs);
    if (begins || ++this.#sinceCheckpoint >= checkpointEvery) this.#checkpoint();
    this.#expire();
  }

  /** Lets the oldest partitions go once the log is past its bound. */
  #expire(): void {
    for (const partition of findExpired(this.#tables.partitions, this.#retention.retentionBytes)) {
      this.#kept.copyFrom(this.#tables, partition, this.runs.live);
      this.#tables.drop(partition);
    }
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
      live: [...this.runs.live].map((view) => [view.process, view.run, view.output_bytes, view.output_seq]),
    };
    this.#sql.exec(
      `INSERT INTO checkpoint (id, body) VALUES (1, ?) ON CONFLICT DO UPDATE SET body = excluded.body`,
      JSON.stringify(body),
    );
    this.#sinceCheckpoint = 0;
  }

  /** The first seq that is not gone. */
  get earliest(): number {
    return this.#tables.earliest;
  }

  /** What is stored of the last `bytes` bytes of a run's output, in order, also beside a flood of others. */
  tailOf(process: ProcessId, run: number, bytes: number): OutputPiece[] {
    const view = this.runs.find(process, run);
    return view === null ? [] : readTail(this.#tables, this.#kept, view, bytes);
  }

  /** A row at or before the one that holds the byte at `offset` of a run's output. */
  seqOfOutput(view: RunView, offset: number): number {
    return seqOfOutput(this.#tables, view, offset);
  }

  /** What was kept of a run, in order, when partitions went. */
  keptOf(process: ProcessId, run: number): OutputPiece[] {
    return this.#kept.of(process, run);
  }

  /**
   * What `read` makes of the batch that holds `seq`, or of the first one after it where no event has it; null where there
   * is none. `seq` must lie between the earliest one and the head. The batch and its bytes hold until `read` returns.
   */
  readAt<T>(seq: number, read: (batch: StoredBatch) => T): T | null {
    if (this.#newest !== null && seq >= this.#newest.seq) return read(this.#newest);
    const holding = this.#open(this.#tables.headerAt(seq));
    const batch = holding === null || holding.lastSeq < seq ? this.#open(this.#tables.headerAfter(seq)) : holding;
    if (batch === null) return null;
    const made = read(batch);
    batch.release();
    return made;
  }

  #open(row: LogHeader | null): StoredBatch | null {
    if (row === null) return null;
    const header = rowHeaderSchema.parse(JSON.parse(row.header));
    return new StoredBatch(row.seq, header, () => this.#tables.payloadOf(row.seq), this.runs);
  }
}

/** Outcomes of commands among a batch's facts. */
export function commandFacts(facts: readonly Fact[]): CommandFact[] {
  return facts.filter((fact) => fact.type === "command");
}
