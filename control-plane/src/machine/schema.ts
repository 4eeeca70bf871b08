// The tables of a machine's object. Log tables are made by the log as it grows.

import { partitionBytes } from "@longwire/shared/limits.ts";

/** Creates what is missing; writes nothing where all is there. */
export function createTables(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID`);
  sql.exec(
    `CREATE TABLE IF NOT EXISTS partitions (id INTEGER PRIMARY KEY, first_seq INTEGER NOT NULL,
       bytes INTEGER NOT NULL)`,
  );
  // Tables made before partitions had a size: a full partition had about `partitionBytes`.
  addColumn(sql, "partitions", "bytes", `INTEGER NOT NULL DEFAULT ${partitionBytes}`);
  sql.exec(
    `CREATE TABLE IF NOT EXISTS kept (id TEXT PRIMARY KEY, pieces TEXT NOT NULL, payload BLOB NOT NULL) WITHOUT ROWID`,
  );
  sql.exec(`CREATE TABLE IF NOT EXISTS checkpoint (id INTEGER PRIMARY KEY CHECK (id = 1), body TEXT NOT NULL)`);
  sql.exec(`CREATE TABLE IF NOT EXISTS processes (id INTEGER PRIMARY KEY, run INTEGER NOT NULL)`);
  sql.exec(`CREATE TABLE IF NOT EXISTS names (name TEXT PRIMARY KEY, process INTEGER NOT NULL) WITHOUT ROWID`);
  sql.exec(
    `CREATE TABLE IF NOT EXISTS runs (process INTEGER NOT NULL, run INTEGER NOT NULL, view TEXT NOT NULL,
       PRIMARY KEY (process, run)) WITHOUT ROWID`,
  );
  sql.exec(`CREATE TABLE IF NOT EXISTS revoked (token TEXT PRIMARY KEY, at INTEGER NOT NULL) WITHOUT ROWID`);
  sql.exec(
    `CREATE TABLE IF NOT EXISTS commands (id TEXT PRIMARY KEY, request_hash TEXT NOT NULL, operation TEXT NOT NULL,
       created_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, outcome TEXT, audit TEXT, summed_at INTEGER)
     WITHOUT ROWID`,
  );
  sql.exec(
    `CREATE TABLE IF NOT EXISTS owed_events (n INTEGER PRIMARY KEY, id TEXT NOT NULL, webhook TEXT NOT NULL,
       type TEXT NOT NULL, body TEXT NOT NULL)`,
  );
  sql.exec(
    `CREATE TABLE IF NOT EXISTS dropped_events (webhook TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID`,
  );
  addColumn(sql, "commands", "audit", "TEXT");
  addColumn(sql, "commands", "summed_at", "INTEGER");
}

/** Adds what a table made earlier lacks. */
function addColumn(sql: SqlStorage, table: string, column: string, type: string): void {
  const [known] = sql.exec(`SELECT 1 FROM pragma_table_info(?) WHERE name = ?`, table, column).toArray();
  if (known === undefined) sql.exec(`ALTER TABLE ${table} ADD COLUMN ${column} ${type}`);
}

/** A value kept by name; undefined where none was written. */
export function readMeta(sql: SqlStorage, key: string): string | undefined {
  const [row] = sql.exec<{ value: string }>(`SELECT value FROM meta WHERE key = ?`, key).toArray();
  return row?.value;
}

export function writeMeta(sql: SqlStorage, key: string, value: string): void {
  sql.exec(
    `INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value`,
    key,
    value,
  );
}
