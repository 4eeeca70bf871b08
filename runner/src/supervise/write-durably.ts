// Files that must be there after a power cut, whole.

import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/** Replaces `path` in one step (0600). Its contents are on the medium on return, its name after {@link syncFolder}. */
export function replaceFile(path: string, text: string): void {
  const draft = `${path}.new`;
  const fd = openSync(draft, "w", 0o600);
  try {
    writeFileSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(draft, path);
}

/** Puts the names in `folder` on the medium. */
export function syncFolder(folder: string): void {
  const fd = openSync(folder, "r");
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** {@link replaceFile} and its name. */
export function replaceDurably(path: string, text: string): void {
  replaceFile(path, text);
  syncFolder(dirname(path));
}
