// Writes the owner's policy file anew.

import { existsSync, mkdirSync, realpathSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

/** The file is whole at every moment, and the owner's alone. A link to it stays one. */
export function writePrivately(file: string, text: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const real = existsSync(file) ? realpathSync(file) : file;
  const unfinished = `${real}.${process.pid}.new`;
  try {
    writeFileSync(unfinished, text, { mode: 0o600, flush: true });
    renameSync(unfinished, real);
  } finally {
    rmSync(unfinished, { force: true });
  }
}
