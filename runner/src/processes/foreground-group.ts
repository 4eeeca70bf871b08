// Which process group a terminal gives its Ctrl-C to.

import { readFileSync } from "node:fs";
import { type ProcessIdentity, parseProcStat } from "@longwire/shared/node/process-identity.ts";
import { runPs } from "@longwire/shared/node/run-ps.ts";

/** The foreground group of the terminal `leader` has; null where it has none, or is gone. */
export function findForegroundGroup(leader: ProcessIdentity): number | null {
  const group = process.platform === "linux" ? readProc(leader) : readPs(leader.pid);
  return group > 1 ? group : null;
}

function readProc({ pid, started }: ProcessIdentity): number {
  try {
    const stat = parseProcStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
    return stat?.started === started ? stat.foreground : 0;
  } catch {
    return 0;
  }
}

function readPs(pid: number): number {
  try {
    return Number(runPs(["-o", "tpgid=", "-p", String(pid)], "latin1"));
  } catch {
    return 0;
  }
}
