// Who may decide over a run that was not spawned yet: its shim, by taking the claim just before it spawns, or a runner
// that found the folder after a crash, by taking it to cancel. A claim is taken once, whole with its contents.

import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ProcessIdentity, ownIdentity } from "@longwire/shared/node/process-identity.ts";
import { runFiles } from "./run-spec.ts";

export interface Claim extends ProcessIdentity {
  readonly by: "shim" | "runner";
}

/** The claim of `folder`; null where nobody took it. */
export function readClaim(folder: string): Claim | null {
  try {
    return JSON.parse(readFileSync(join(folder, runFiles.claim), "utf8")) as Claim;
  } catch {
    return null;
  }
}

/** Takes the claim for this process. False: someone has it already. */
export function takeClaim(folder: string, by: Claim["by"]): boolean {
  const claim: Claim = { by, ...ownIdentity() };
  const draft = join(folder, `${runFiles.claim}.${by}.${claim.pid}`);
  writeFileSync(draft, JSON.stringify(claim), { mode: 0o600 });
  try {
    linkSync(draft, join(folder, runFiles.claim));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
