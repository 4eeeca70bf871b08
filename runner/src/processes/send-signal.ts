// Signals to groups and to single processes, each sent only to whom it was meant for.

import type { SignalName } from "@longwire/shared/signals.ts";
import { identify, type ProcessIdentity } from "@longwire/shared/node/process-identity.ts";

/** Whether group `pgid` has a process the signal could be sent to. */
export function signalGroup(pgid: number, signal: SignalName): boolean {
  return pgid > 1 && send(-pgid, signal);
}

/** Whether `target` still was the process of its pid just before, and could be signalled. */
export function signalProcess(target: ProcessIdentity, signal: SignalName): boolean {
  return target.pid > 1 && identify(target.pid)?.started === target.started && send(target.pid, signal);
}

function send(to: number, signal: SignalName): boolean {
  try {
    return process.kill(to, signal);
  } catch {
    return false;
  }
}
