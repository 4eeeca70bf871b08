// Which processes a run has, for a runner that was not there when they began.

import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessIdentity } from "@longwire/shared/node/process-identity.ts";
import { runFiles } from "./run-spec.ts";

export interface ShimStatus {
  readonly shim: ProcessIdentity;
  readonly child: ProcessIdentity | null;
  readonly marker: string;
}

/** Replaces the status in one step. */
export function writeShimStatus(folder: string, status: ShimStatus): void {
  const draft = join(folder, `${runFiles.shim}.new`);
  writeFileSync(draft, JSON.stringify(status), { mode: 0o600 });
  renameSync(draft, join(folder, runFiles.shim));
}

/** Null where the shim did not come so far. */
export function readShimStatus(folder: string): ShimStatus | null {
  try {
    return JSON.parse(readFileSync(join(folder, runFiles.shim), "utf8")) as ShimStatus;
  } catch {
    return null;
  }
}
