// What outlives its partition: the last output of each live run, one row a run, rewritten when a partition goes. The
// row goes together with the partition that holds the run's end.

import * as z from "zod";
import { isInTail, selectKept } from "@longwire/shared/retention.ts";
import type { RunView } from "@longwire/shared/run-view.ts";
import { outputFactSchema, payloadOffsets, type OutputFact } from "@longwire/shared/wire/facts.ts";
import type { LogTables, Partition } from "./log-tables.ts";
import { factsOf } from "./row-header.ts";

/** One read of a run's output, at its own seq. */
export interface OutputPiece {
  readonly seq: number;
  readonly fact: OutputFact;
  readonly bytes: Uint8Array;
}

const piecesSchema = z.array(z.tuple([z.number().int(), outputFactSchema]));

export class Kept {
  readonly #sql: SqlStorage;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
  }

  /** What is kept of a run, in order. */
  of(process: string, run: number): OutputPiece[] {
    const [row] = this.#sql
      .exec<{ pieces: string; payload: ArrayBuffer }>(
        `SELECT pieces, payload FROM kept WHERE id = ?`,
        keyOf(process, run),
      )
      .toArray();
    if (row === undefined) return [];
    const pieces = piecesSchema.parse(JSON.parse(row.pieces));
    const offsets = payloadOffsets(pieces.map(([, fact]) => fact));
    const payload = new Uint8Array(row.payload);
    return pieces.map(([seq, fact], at) => ({ seq, fact, bytes: payload.subarray(offsets[at], offsets[at + 1]) }));
  }

  /** Before a partition goes: copies the tails of live runs from it, and forgets the runs that ended in it. */
  copyFrom(tables: LogTables, partition: Partition, live: Iterable<RunView>): void {
    const views = new Map([...live].map((view) => [keyOf(view.process, view.run), view]));
    const kept = new Set([...this.#sql.exec<{ id: string }>(`SELECT id FROM kept`)].map((row) => row.id));
    if (views.size === 0 && kept.size === 0) return;
    const found = new Map<string, OutputPiece[]>([...views.keys()].map((key) => [key, []]));
    for (const { seq, header } of tables.headersOf(partition)) {
      const facts = factsOf(header);
      const offsets = payloadOffsets(facts);
      let payload: Uint8Array | undefined;
      for (const [at, fact] of facts.entries()) {
        if (fact.type === "output") {
          const key = keyOf(fact.process, fact.run);
          const view = views.get(key);
          if (view === undefined || !isInTail(fact, view.output_bytes)) continue;
          payload ??= tables.payloadOf(seq);
          found.get(key)?.push({ seq: seq + at, fact, bytes: payload.subarray(offsets[at], offsets[at + 1]) });
        } else if (fact.type === "exited" || fact.type === "failed") {
          const key = keyOf(fact.process, fact.run);
          if (kept.has(key)) this.#sql.exec(`DELETE FROM kept WHERE id = ?`, key);
        }
      }
    }
    for (const [key, view] of views) this.#keep(key, view, found.get(key) ?? []);
  }

  /** Adds to what is kept of a run, and lets go of what is no longer its last output. */
  #keep(key: string, view: RunView, more: readonly OutputPiece[]): void {
    const before = this.of(view.process, view.run);
    const pieces = selectKept([...before, ...more], view.output_bytes);
    if (pieces.length === before.length && more.length === 0) return;
    const offsets = payloadOffsets(pieces.map(({ fact }) => fact));
    const payload = new Uint8Array(offsets.at(-1) ?? 0);
    for (const [at, { bytes }] of pieces.entries()) payload.set(bytes, offsets[at]);
    this.#sql.exec(
      `INSERT INTO kept (id, pieces, payload) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET pieces = excluded.pieces, payload = excluded.payload`,
      key,
      JSON.stringify(pieces.map(({ seq, fact }) => [seq, fact])),
      payload,
    );
  }
}

const keyOf = (process: string, run: number): string => `${process}.${run}`;
