// Who may decide over a run that was not spawned yet: its shim, by taking the claim just before it spawns, or a runner
// that found the folder after a crash, by taking it to cancel. A claim is taken once, whole with its contents.

import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { type ProcessIdentity, ownIdentity } from "@longwire/shared/node/process-identity.ts";
import { runFiles } from "./run-spec.ts";

export interface Claim extends ProcessIdentity {
  readonly by: "shim" | "runner";
}

/** Whose claim a power cut left without its contents: a shim's that does not live any more. */
const unreadable: Claim = { by: "shim", pid: 0, started: "" };

/** The claim of `folder`; null where nobody took it. */
export function readClaim(folder: string): Claim | null {
  let text: string;
  try {
    text = readFileSync(join(folder, runFiles.claim), "utf8");
  } catch {
    return null;
  }
  return (parseJson(text) as Claim | undefined) ?? unreadable;
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
