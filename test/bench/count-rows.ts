/** Rows in the databases of a platform's folder. */
import { readDatabases } from "./read-databases.ts";

/** Rows of all tables of this name below `folder`. To be called when nothing is written. */
export function countRows(folder: string, table: RegExp): number {
  const counts = readDatabases(folder, table, (database, tables) =>
    tables.map((name) => Number(database.prepare(`SELECT count(*) AS rows FROM "${name}"`).get()?.["rows"])),
  );
  return counts.flat().reduce((total, count) => total + count, 0);
}
