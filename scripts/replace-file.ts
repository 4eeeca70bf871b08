// Writing a file that others may be reading.

import { mkdir, rename, writeFile } from "node:fs/promises";
import path from "node:path";

/** A program that runs meanwhile, and starts shims from these files, sees the old file or the new one, never a half. */
export const replaceFile = async (file: string, contents: string | Uint8Array): Promise<void> => {
  await mkdir(path.dirname(file), { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  await writeFile(unfinished, contents, { mode: 0o755 });
  await rename(unfinished, file);
};
