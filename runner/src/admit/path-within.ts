// Keeps a path inside a folder, whatever `..` and symbolic links make of it.

import { lstatSync, realpathSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";

/**
 * `asked` (relative to `folder`, or absolute) as a path relative to `folder`, without `..`, never beginning with `-`;
 * null where it lies outside, or where nobody can say. What it names need not exist.
 */
export function settleWithin(folder: string, asked: string): string | null {
  const target = resolve(folder, asked);
  const realFolder = findReal(folder);
  const realTarget = findReal(target);
  if (realFolder === null || realTarget === null || !isWithin(realFolder, realTarget)) return null;
  const path = isWithin(folder, target) ? relative(folder, target) : relative(realFolder, realTarget);
  if (path === "") return ".";
  return path.startsWith("-") ? `./${path}` : path;
}

/** Whether `path` is `folder` or in it; both absolute and without links. */
export function isWithin(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** The path without symbolic links, as far as it exists. Null for a link to nothing: it could come to lead anywhere. */
export function findReal(path: string): string | null {
  try {
    return realpathSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || path === dirname(path)) return null;
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return null;
    const parent = findReal(dirname(path));
    return parent === null ? null : join(parent, basename(path));
  }
}
