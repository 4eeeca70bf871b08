// Which process a pid means: pids are used again, a pid together with its start time is not.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { runPs } from "./run-ps.ts";

/** `started` is comparable for equality only: clock ticks since boot on Linux, a date of `ps` elsewhere. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

/** What `/proc/<pid>/stat` says of a process. */
export interface ProcStat {
  readonly state: string;
  readonly ppid: number;
  readonly pgid: number;
  readonly sid: number;
  /** The group in the foreground of its terminal; -1 where it has none. */
  readonly foreground: number;
  readonly started: string;
  /** Clock ticks on a processor; `ended` those of children that ended and were waited for. */
  readonly ticks: {
    readonly user: number;
    readonly system: number;
    readonly endedUser: number;
    readonly endedSystem: number;
  };
  readonly residentPages: number;
}

/** Reads the text of `/proc/<pid>/stat` (proc(5)); the command in it may hold spaces and parentheses. */
export function parseProcStat(text: string): ProcStat | null {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, ppid, pgid, sid, , foreground] = fields;
  const started = fields[19];
  if (state === undefined || started === undefined) return null;
  const [user = 0, system = 0, endedUser = 0, endedSystem = 0] = fields.slice(11, 15).map(Number);
  return {
    state,
    ppid: Number(ppid),
    pgid: Number(pgid),
    sid: Number(sid),
    foreground: Number(foreground),
    started,
    ticks: { user, system, endedUser, endedSystem },
    residentPages: Number(fields[21] ?? 0),
  };
}

/** The process that has `pid` now, and whether it is a zombie; null where none has. */
export function identify(pid: number): (ProcessIdentity & { readonly zombie: boolean }) | null {
  try {
    if (process.platform === "linux") {
      const stat = parseProcStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
      return stat === null ? null : { pid, started: stat.started, zombie: stat.state === "Z" || stat.state === "X" };
    }
    const line = runPs(["-o", "stat=,lstart=", "-p", String(pid)], "latin1").trim();
    const [state = "", ...started] = line.split(/\s+/);
    return state === "" ? null : { pid, started: started.join(" "), zombie: state.startsWith("Z") };
  } catch {
    return null;
  }
}

/** Whether the very process `identity` names still runs. */
export function isAlive(identity: ProcessIdentity): boolean {
  const now = identify(identity.pid);
  return now !== null && !now.zombie && now.started === identity.started;
}

/** This process. */
export function ownIdentity(): ProcessIdentity {
  return { pid: process.pid, started: identify(process.pid)?.started ?? "" };
}

/** Names the present boot of the machine; empty where the system does not say. */
export function readBootId(): string {
  try {
    if (process.platform === "linux") return readFileSync("/proc/sys/kernel/random/boot_id", "latin1").trim();
    return execFileSync("/usr/sbin/sysctl", ["-n", "kern.bootsessionuuid"], {
      encoding: "latin1",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
  } catch {
    return "";
  }
}
