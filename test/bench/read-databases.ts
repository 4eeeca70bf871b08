/** The databases of a platform's folder, read in copies beside the runtime that has them open. */
import { copyFileSync, existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What `read` makes of each database below `folder`, given its tables of this name. To be called when nothing is written. */
export function readDatabases<T>(
  folder: string,
  table: RegExp,
  read: (database: DatabaseSync, tables: readonly string[]) => T,
): T[] {
  return globSync(join(folder, "**", "*.sqlite")).map((file) => {
    const copyFolder = mkdtempSync(join(tmpdir(), "longwire-bench-rows-"));
    const copy = join(copyFolder, "copy.sqlite");
    for (const part of ["", "-wal"].filter((suffix) => existsSync(file + suffix)))
      copyFileSync(file + part, copy + part);
    const database = new DatabaseSync(copy);
    try {
      const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name").all();
      return read(
        database,
        names.map(({ name }) => String(name)).filter((name) => table.test(name)),
      );
    } finally {
      database.close();
      rmSync(copyFolder, { recursive: true });
    }
  });
}
