// The folder of one run: `<process>-<run>`, made by the runner, filled by the shim, removed by the runner.

import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runFiles, type RunSpec } from "../shim/run-spec.ts";
import { replaceFile, syncFolder } from "./write-durably.ts";

/** Of `shim.log`, the end is what tells why. */
const maxLogTail = 800;

export function runFolderOf(runs: string, run: Pick<RunSpec, "process" | "run">): string {
  return join(runs, `${run.process}-${run.run}`);
}

/**
 * Makes the folder of a run. On return its spec is on the medium: the run is admitted, come what may.
 * Throws, and leaves nothing, where the disk does not take it.
 */
export function createRunFolder(runs: string, spec: RunSpec): string {
  const folder = runFolderOf(runs, spec);
  mkdirSync(folder, { mode: 0o700 });
  try {
    replaceFile(join(folder, runFiles.spec), JSON.stringify(spec));
    syncFolder(folder);
    syncFolder(runs);
    return folder;
  } catch (error) {
    removeRunFolder(folder);
    throw error;
  }
}

/** Whether the folder came so far that it has a spec. Without one nothing was done for it and nothing will be. */
export function isPrepared(folder: string): boolean {
  return existsSync(join(folder, runFiles.spec));
}

/** The folders of all runs, in no order. */
export function listRunFolders(runs: string): string[] {
  return readdirSync(runs, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? [join(runs, entry.name)] : [],
  );
}

/**
 * Removes the folder, its spec first, on the medium too: without it the rest is rubbish, which no power cut brings
 * back to life, and what cannot be removed now (a shim that lost
 * its claim is just leaving) is removed at the next start.
 */
export function removeRunFolder(folder: string): void {
  try {
    rmSync(join(folder, runFiles.spec), { force: true });
    syncFolder(folder);
    rmSync(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 5 });
  } catch {
    // Said above.
  }
}

/** The last words of a shim that crashed; empty where it had none. */
export function readShimLog(folder: string): string {
  try {
    return readFileSync(join(folder, runFiles.shimLog), "utf8").trim().slice(-maxLogTail);
  } catch {
    return "";
  }
}
