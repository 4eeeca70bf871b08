// The variables that the `.env` files of a folder set.

import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import type { Variables } from "./secret-values.ts";

const maxFiles = 16;
const maxFileBytes = 256 * 1024;

export function readEnvFiles(folder: string): Variables[] {
  try {
    const names = readdirSync(folder).filter((name) => isEnvFile(name));
    return names.slice(0, maxFiles).map((name) => parseEnv(readSmallFile(join(folder, name))));
  } catch {
    return [];
  }
}

/** Whether a file of this name holds values, not examples of them. */
export function isEnvFile(name: string): boolean {
  return /^\.env(?:\.|$)/.test(name) && !/\.(?:example|sample|template|dist|defaults|schema|vault|swp)$/.test(name);
}

/** Nothing where it is no file, or too large for one that people write. */
function readSmallFile(path: string): string {
  let fd: number | null = null;
  try {
    // A pipe of that name does not hold up who opens it so.
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stats = fstatSync(fd);
    return stats.isFile() && stats.size <= maxFileBytes ? readFileSync(fd, "utf8") : "";
  } catch {
    return "";
  } finally {
    if (fd !== null) closeSync(fd);
  }
}
