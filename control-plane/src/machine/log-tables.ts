// The rows of the log: one a batch, in partition tables of bounded size. `header` stands before the blob, so that
// reading headers alone never touches the pages of the payload. No index and no AUTOINCREMENT: each costs a row.
// Old rows go by whole tables, since a DELETE is counted row by row and a DROP is not.

/** A stored batch: the seq of its first fact, its header as JSON, its payload. */
export interface LogRow {
  readonly seq: number;
  readonly header: string;
  readonly payload: Uint8Array;
}

/** A row without its payload, whose bytes are not read. */
export type LogHeader = Pick<LogRow, "seq" | "header">;

/** A table of the log. The newest one's bytes stand in the checkpoint while it grows. */
export interface Partition {
  readonly id: number;
  readonly firstSeq: number;
  readonly bytes: number;
}

/** How many headers are read at once on the way back. */
const backwardRows = 64;

const tableName = (id: number): string => `log_${String(id).padStart(6, "0")}`;

export class LogTables {
  readonly #sql: SqlStorage;
  readonly #partitionBytes: number;
  #partitions: Partition[];

  constructor(sql: SqlStorage, partitionBytes: number) {
    this.#sql = sql;
    this.#partitionBytes = partitionBytes;
    this.#partitions = sql
      .exec<{ id: number; first_seq: number; bytes: number }>(`SELECT id, first_seq, bytes FROM partitions ORDER BY id`)
      .toArray()
      .map((row) => ({ id: row.id, firstSeq: row.first_seq, bytes: row.bytes }));
  }

  /** From the oldest to the newest. */
  get partitions(): readonly Partition[] {
    return this.#partitions;
  }

  /** The first seq that is not gone: 1 until a partition was dropped. */
  get earliest(): number {
    const [oldest] = this.#partitions;
    return oldest === undefined || oldest.id === 1 ? 1 : oldest.firstSeq;
  }

  /** Bytes in the newest partition, kept by the checkpoint across sleeps. */
  get bytes(): number {
    return this.#partitions.at(-1)?.bytes ?? 0;
  }

  set bytes(bytes: number) {
    const newest = this.#partitions.at(-1);
    if (newest !== undefined) this.#partitions = [...this.#partitions.slice(0, -1), { ...newest, bytes }];
  }

  /** Bytes in all partitions. */
  get totalBytes(): number {
    return this.#partitions.reduce((sum, partition) => sum + partition.bytes, 0);
  }

  /** Whether the next row begins a partition. */
  get isFull(): boolean {
    const newest = this.#partitions.at(-1);
    return newest === undefined || newest.bytes >= this.#partitionBytes;
  }

  /** Writes one row, into a new partition where the newest is full; whether it began one. */
  insert(row: LogRow): boolean {
    const begins = this.isFull;
    let newest = this.#partitions.at(-1);
    if (newest === undefined || begins) newest = this.#begin(row.seq, newest);
    this.#sql.exec(
      `INSERT INTO ${tableName(newest.id)} (seq, header, payload) VALUES (?, ?, ?)`,
      row.seq,
      row.header,
      row.payload,
    );
    this.bytes += row.header.length + row.payload.byteLength;
    return begins;
  }

  /** Begins a partition after `full`, whose size is final now. */
  #begin(firstSeq: number, full: Partition | undefined): Partition {
    if (full !== undefined) this.#sql.exec(`UPDATE partitions SET bytes = ? WHERE id = ?`, full.bytes, full.id);
    const partition = { id: (full?.id ?? 0) + 1, firstSeq, bytes: 0 };
    this.#sql.exec(
      `CREATE TABLE ${tableName(partition.id)} (seq INTEGER PRIMARY KEY, header TEXT NOT NULL, payload BLOB NOT NULL)`,
    );
    this.#sql.exec(`INSERT INTO partitions (id, first_seq, bytes) VALUES (?, ?, 0)`, partition.id, firstSeq);
    this.#partitions.push(partition);
    return partition;
  }

  /** Drops a partition and all its rows. */
  drop({ id }: Partition): void {
    this.#sql.exec(`DROP TABLE ${tableName(id)}`);
    this.#sql.exec(`DELETE FROM partitions WHERE id = ?`, id);
    this.#partitions = this.#partitions.filter((partition) => partition.id !== id);
  }

  /** The partition that holds `seq`, or the oldest one. */
  #partitionOf(seq: number): Partition | undefined {
    return this.#partitions.findLast((partition) => partition.firstSeq <= seq) ?? this.#partitions[0];
  }

  /** The last row that begins at `seq` or before; null before the first row. */
  headerAt(seq: number): LogHeader | null {
    const partition = this.#partitionOf(seq);
    return partition === undefined ? null : this.#header(partition, "seq <= ? ORDER BY seq DESC", seq);
  }

  /** The first row that begins after `seq`; null at the end. Needed only where seqs were left out. */
  headerAfter(seq: number): LogHeader | null {
    for (const partition of this.#partitions) {
      const row = this.#header(partition, "seq > ? ORDER BY seq", seq);
      if (row !== null) return row;
    }
    return null;
  }

  #header({ id }: Partition, where: string, seq: number): LogHeader | null {
    const query = `SELECT seq, header FROM ${tableName(id)} WHERE ${where} LIMIT 1`;
    const [row] = this.#sql.exec<{ seq: number; header: string }>(query, seq).toArray();
    return row ?? null;
  }

  /** The payload of the row that begins at `seq`; empty where there is none. */
  payloadOf(seq: number): Uint8Array<ArrayBuffer> {
    const partition = this.#partitionOf(seq);
    if (partition === undefined) return new Uint8Array();
    const query = `SELECT payload FROM ${tableName(partition.id)} WHERE seq = ?`;
    const [row] = this.#sql.exec<{ payload: ArrayBuffer }>(query, seq).toArray();
    return row === undefined ? new Uint8Array() : new Uint8Array(row.payload);
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

  /** Headers of one partition, oldest first. */
  *headersOf({ id }: Partition): Generator<LogHeader> {
    yield* this.#sql.exec<{ seq: number; header: string }>(`SELECT seq, header FROM ${tableName(id)} ORDER BY seq`);
  }

  /** Headers from the row that holds `seq` back to the log's first. Read in pieces, so that nothing stays open. */
  *headersBack(seq: number): Generator<LogHeader> {
    let at = seq;
    for (const { id } of this.#partitions.toReversed()) {
      for (;;) {
        const rows = this.#sql
          .exec<{ seq: number; header: string }>(
            `SELECT seq, header FROM ${tableName(id)} WHERE seq <= ? ORDER BY seq DESC LIMIT ${backwardRows}`,
            at,
          )
          .toArray();
        yield* rows;
        at = (rows.at(-1)?.seq ?? at + 1) - 1;
        if (rows.length < backwardRows) break;
      }
    }
  }
}
