// The storage of an object on Node's SQLite, with what the platform adds: a turn's writes are kept together or not at
// all, an instance that was replaced cannot touch it, and a statement fails where a trouble says so.

import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";

/** A statement that fails because a trouble says so. Whoever lets it pass on is not at fault for that. */
export class DiskFault extends Error {}

type Row = Record<string, unknown>;

export class SimulatedStorage {
  #database = new DatabaseSync(":memory:");
  #statements = new Map<string, StatementSync>();
  /** Called before each statement. */
  onStatement: (isWrite: boolean) => void = () => {};

  exec(query: string, ...values: unknown[]): { toArray(): Row[]; one(): Row; [Symbol.iterator](): Iterator<Row> } {
    const isWrite = !/^\s*SELECT/i.test(query);
    this.onStatement(isWrite);
    let statement = this.#statements.get(query);
    if (statement === undefined) {
      statement = this.#database.prepare(query);
      this.#statements.set(query, statement);
    }
    const rows = statement.all(...(values as SQLInputValue[])) as Row[];
    return { toArray: () => rows, one: () => rows[0] as Row, [Symbol.iterator]: () => rows[Symbol.iterator]() };
  }

  begin(): void {
    this.#database.exec("BEGIN");
  }

  commit(): void {
    this.#database.exec("COMMIT");
  }

  rollback(): void {
    this.#database.exec("ROLLBACK");
  }

  transactionSync<T>(run: () => T): T {
    this.#database.exec("SAVEPOINT turn");
    try {
      const result = run();
      this.#database.exec("RELEASE turn");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK TO turn; RELEASE turn");
      throw error;
    }
  }

  /** All it holds now, as statements that bring it back. */
  backUp(): () => void {
    const tables = this.#database.prepare(`SELECT name, sql FROM sqlite_master WHERE type = 'table'`).all() as {
      name: string;
      sql: string;
    }[];
    const contents = tables.map(({ name }) => this.#database.prepare(`SELECT * FROM ${name}`).all() as Row[]);
    return () => {
      const restored = new DatabaseSync(":memory:");
      for (const [at, { name, sql }] of tables.entries()) {
        restored.exec(sql);
        for (const row of contents[at] ?? []) {
          const columns = Object.keys(row);
          restored
            .prepare(`INSERT INTO ${name} (${columns.join(", ")}) VALUES (${columns.map(() => "?").join(", ")})`)
            .run(...(Object.values(row) as SQLInputValue[]));
        }
      }
      this.close();
      this.#database = restored;
      this.#statements = new Map();
    };
  }

  close(): void {
    this.#database.close();
  }
}
