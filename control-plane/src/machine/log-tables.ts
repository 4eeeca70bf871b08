// The rows of the log: one a batch, in partition tables of bounded size. `header` stands before the blob, so that
// reading headers alone never touches the pages of the payload. No index and no AUTOINCREMENT: each costs a row.

import { partitionBytes } from "@longwire/shared/limits.ts";

/** A stored batch: the seq of its first fact, its header as JSON, its payload. */
export interface LogRow {
  readonly seq: number;
  readonly header: string;
  readonly payload: Uint8Array;
}

interface Partition {
  readonly id: number;
  readonly firstSeq: number;
}

const tableName = (id: number): string => `log_${String(id).padStart(6, "0")}`;

export class LogTables {
  readonly #sql: SqlStorage;
  readonly #partitions: Partition[];
  /** Bytes in the newest partition, kept by the checkpoint across sleeps. */
  bytes = 0;

  constructor(sql: SqlStorage) {
    this.#sql = sql;
    this.#partitions = sql
      .exec<{ id: number; first_seq: number }>(`SELECT id, first_seq FROM partitions ORDER BY id`)
      .toArray()
      .map((row) => ({ id: row.id, firstSeq: row.first_seq }));
  }

  /** Writes one row, into a new partition where the newest is full; whether it began one. */
  insert(row: LogRow): boolean {
    let newest = this.#partitions.at(-1);
    const begins = newest === undefined || this.bytes >= partitionBytes;
    if (newest === undefined || begins) newest = this.#begin(row.seq);
    this.#sql.exec(
      `INSERT INTO ${tableName(newest.id)} (seq, header, payload) VALUES (?, ?, ?)`,
      row.seq,
      row.header,
      row.payload,
    );
    this.bytes += row.header.length + row.payload.byteLength;
    return begins;
  }

  #begin(firstSeq: number): Partition {
    const partition = { id: (this.#partitions.at(-1)?.id ?? 0) + 1, firstSeq };
    this.#sql.exec(
      `CREATE TABLE ${tableName(partition.id)} (seq INTEGER PRIMARY KEY, header TEXT NOT NULL, payload BLOB NOT NULL)`,
    );
    this.#sql.exec(`INSERT INTO partitions (id, first_seq) VALUES (?, ?)`, partition.id, firstSeq);
    this.#partitions.push(partition);
    this.bytes = 0;
    return partition;
  }

  /** The row that holds `seq`, or the first one after it; null at the end of the log. */
  rowAt(seq: number): LogRow | null {
    for (let at = this.#partitions.length - 1; at >= 0; at--) {
      const partition = this.#partitions[at];
      if (partition === undefined || (partition.firstSeq > seq && at > 0)) continue;
      const [row] = this.#sql
        .exec<{ seq: number; header: string; payload: ArrayBuffer }>(
          `SELECT seq, header, payload FROM ${tableName(partition.id)} WHERE seq <= ? ORDER BY seq DESC LIMIT 1`,
          seq,
        )
        .toArray();
      return row === undefined ? null : { seq: row.seq, header: row.header, payload: new Uint8Array(row.payload) };
    }
    return null;
  }

  /** Headers of the rows from `seq` on with the bytes of each row, oldest first; what waking replays. */
  *headersFrom(seq: number): Generator<{ readonly seq: number; readonly header: string; readonly bytes: number }> {
    for (const [at, partition] of this.#partitions.entries()) {
      const next = this.#partitions[at + 1];
      if (next !== undefined && next.firstSeq <= seq) continue;
      yield* this.#sql.exec<{ seq: number; header: string; bytes: number }>(
        `SELECT seq, header, length(header) + length(payload) AS bytes FROM ${tableName(partition.id)}
         WHERE seq >= ? ORDER BY seq`,
        seq,
      );
    }
  }
}
