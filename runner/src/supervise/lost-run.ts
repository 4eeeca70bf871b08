// A run whose shim is gone without a last word: ends what it left running, and says what can be said of it.

import type { RunFact } from "@longwire/shared/wire/facts.ts";
import { endTree, ProcessTree } from "../processes/end-tree.ts";
import type { StopResult } from "../shim/control-messages.ts";
import type { RunSpec } from "../shim/run-spec.ts";
import { readShimStatus } from "../shim/shim-status.ts";

const graceMs = 2000;

/** Ends the processes of the run in `folder`. After a restart of the machine there are none. */
export async function sweepRun(folder: string, spec: RunSpec, boot: string): Promise<StopResult> {
  if (spec.boot !== boot) return { stopped: true, survivors: [] };
  const root = readShimStatus(folder)?.child ?? null;
  const tree = new ProcessTree(root, spec.marker, null);
  const survivors = await endTree(tree, { signal: "SIGTERM", graceMs, onSignal: () => {} });
  return { stopped: survivors.length === 0, survivors };
}

/** Its shim is gone; what became of it is being found out. */
export function tellUnknown({ process, run }: RunSpec, at: number): RunFact {
  return { type: "lost", at, process, run };
}

/** Nobody saw how it ended, so no code and no signal is claimed. */
export function tellLost(spec: RunSpec, boot: string, at: number): RunFact {
  return { type: "exited", ...common(spec, boot, at), returncode: null, signal: null };
}

/** It was announced and then cancelled before its first process was started. */
export function tellCancelled(spec: RunSpec, boot: string, at: number): RunFact {
  const detail = "The runner ended before the process was started. Start it again.";
  return { type: "failed", ...common(spec, boot, at), detail };
}

function common({ process, run, boot: begunIn }: RunSpec, boot: string, at: number) {
  return { at, process, run, reason: begunIn === boot ? "shim_lost" : "machine_restarted" } as const;
}
