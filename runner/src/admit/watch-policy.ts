// Notices a change of the owner's policy file while nothing is started, so that callers are told of it.

import { unwatchFile, watchFile } from "node:fs";
import type { Policy, PolicySource } from "./policy.ts";

const lookEveryMs = 1000;

/** Calls `onChange` with each new policy until the signal is aborted. Keeps no process alive. */
export function watchPolicy(
  path: string,
  source: PolicySource,
  signal: AbortSignal,
  onChange: (policy: Policy) => void,
): void {
  let known = source.current();
  const look = (): void => {
    const policy = source.current();
    if (policy === known) return;
    known = policy;
    onChange(policy);
  };
  // Asks for the file's state: it may be replaced, or not be there yet, which a system's watches tell in many ways.
  watchFile(path, { interval: lookEveryMs, persistent: false }, look);
  signal.addEventListener("abort", () => unwatchFile(path, look), { once: true });
}
