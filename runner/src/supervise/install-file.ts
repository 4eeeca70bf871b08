// Copies that are named by their content: a file that is in use is never replaced, and each version is there once.

import { createHash } from "node:crypto";
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Puts `contents` in `folder` where they are not there yet; the path. */
export function installFile(
  contents: Uint8Array,
  folder: string,
  name: string,
  extension: string,
  mode: number,
): string {
  const hash = createHash("sha256").update(contents).digest("hex").slice(0, 16);
  const path = join(folder, `${name}-${hash}${extension}`);
  if (!existsSync(path)) {
    writeFileSync(`${path}.new`, contents, { mode });
    renameSync(`${path}.new`, path);
  }
  return path;
}
