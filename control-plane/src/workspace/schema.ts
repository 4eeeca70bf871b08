// The tables of a workspace's object.

/** Creates what is missing; writes nothing where all is there. */
export function createTables(sql: SqlStorage): void {
  sql.exec(
    `CREATE TABLE IF NOT EXISTS machines (id TEXT PRIMARY KEY, name TEXT NOT NULL, created_at INTEGER NOT NULL)
     WITHOUT ROWID`,
  );
  sql.exec(
    `CREATE TABLE IF NOT EXISTS tokens (hash TEXT PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL,
       scopes TEXT NOT NULL, machine_id TEXT, created_at INTEGER NOT NULL, name TEXT NOT NULL DEFAULT 'admin',
       machines TEXT, expires_at INTEGER, last_used_at INTEGER) WITHOUT ROWID`,
  );
  addTokenColumns(sql);
  sql.exec(
    `CREATE TABLE IF NOT EXISTS tickets (hash TEXT PRIMARY KEY, token TEXT NOT NULL, machine TEXT,
       expires_at INTEGER NOT NULL) WITHOUT ROWID`,
  );
  sql.exec(
    `CREATE TABLE IF NOT EXISTS invites (hash TEXT PRIMARY KEY, id TEXT NOT NULL, kind TEXT NOT NULL,
       name TEXT NOT NULL, scopes TEXT NOT NULL, machines TEXT, token_expires_at INTEGER, expires_at INTEGER NOT NULL,
       made_by TEXT NOT NULL, used_at INTEGER) WITHOUT ROWID`,
  );
  sql.exec(`CREATE TABLE IF NOT EXISTS wrong_codes (at INTEGER NOT NULL)`);
  sql.exec(
    `CREATE TABLE IF NOT EXISTS sign_ins (hash TEXT PRIMARY KEY, token TEXT NOT NULL, scopes TEXT NOT NULL,
       machines TEXT, expires_at INTEGER NOT NULL) WITHOUT ROWID`,
  );
  sql.exec(
    `CREATE TABLE IF NOT EXISTS notices (machine TEXT NOT NULL, token TEXT NOT NULL, PRIMARY KEY (machine, token))
     WITHOUT ROWID`,
  );
}

/** Tables made before tokens had names, machines of their own and an end. */
function addTokenColumns(sql: SqlStorage): void {
  const [known] = sql.exec(`SELECT 1 FROM pragma_table_info('tokens') WHERE name = 'machines'`).toArray();
  if (known !== undefined) return;
  sql.exec(`ALTER TABLE tokens ADD COLUMN name TEXT NOT NULL DEFAULT 'admin'`);
  sql.exec(`ALTER TABLE tokens ADD COLUMN machines TEXT`);
  sql.exec(`ALTER TABLE tokens ADD COLUMN expires_at INTEGER`);
  sql.exec(`ALTER TABLE tokens ADD COLUMN last_used_at INTEGER`);
}
