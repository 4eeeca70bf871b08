/** Rows in the databases of a platform's folder, read beside the runtime that has them open. */
import { copyFileSync, existsSync, globSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Rows of all tables of this name below `folder`. To be called when nothing is written: it counts in a copy. */
export function countRows(folder: string, table: RegExp): number {
  return globSync(join(folder, "**", "*.sqlite")).reduce((total, file) => total + countIn(file, table), 0);
}

function countIn(file: string, table: RegExp): number {
  const copyFolder = mkdtempSync(join(tmpdir(), "longwire-bench-rows-"));
  const copy = join(copyFolder, "copy.sqlite");
  for (const part of ["", "-wal"].filter((suffix) => existsSync(file + suffix))) copyFileSync(file + part, copy + part);
  const database = new DatabaseSync(copy);
  try {
    const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return names
      .map(({ name }) => String(name))
      .filter((name) => table.test(name))
      .reduce(
        (total, name) => total + Number(database.prepare(`SELECT count(*) AS rows FROM "${name}"`).get()?.["rows"]),
        0,
      );
  } finally {
    database.close();
    rmSync(copyFolder, { recursive: true });
  }
}
