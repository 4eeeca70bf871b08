// One look at all processes of the machine. Linux: a walk through /proc, about 2 ms for 140 processes. Elsewhere: `ps`.
// Synchronous, so that what is decided from it is decided before anything else happens here.

import { readdirSync, readFileSync } from "node:fs";
import { parseProcStat } from "@longwire/shared/node/process-identity.ts";
import { runPs } from "@longwire/shared/node/run-ps.ts";

/** The variable that marks every process of a run. `RUNNER_…` passes through task runners that clean the environment. */
export const markerName = "RUNNER_PROCESS_ID";

export interface ProcessRow {
  readonly pid: number;
  readonly ppid: number;
  readonly pgid: number;
  /** 0 where the system does not tell. */
  readonly sid: number;
  /** As in {@link ProcessIdentity}. */
  readonly started: string;
  readonly zombie: boolean;
  /** Stopped by a signal; it takes no other but SIGKILL and SIGCONT. */
  readonly halted: boolean;
  /** Whether the process began with the marker that was asked for. False where its environment may not be read. */
  readonly marked: boolean;
}

/** All processes; those whose environment holds `marker` under {@link markerName} are `marked`. */
export function readProcessTable(marker: string): ProcessRow[] {
  return process.platform === "linux" ? readProc(marker) : readPs(marker);
}

function readProc(marker: string): ProcessRow[] {
  const wanted = Buffer.from(`${markerName}=${marker}\0`);
  const rows: ProcessRow[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const text = readQuietly(`/proc/${name}/stat`)?.toString("latin1");
    const stat = text === undefined ? null : parseProcStat(text);
    if (stat === null) continue;
    rows.push({
      pid,
      ppid: stat.ppid,
      pgid: stat.pgid,
      sid: stat.sid,
      started: stat.started,
      zombie: stat.state === "Z" || stat.state === "X",
      halted: stat.state === "T" || stat.state === "t",
      marked: readQuietly(`/proc/${name}/environ`)?.includes(wanted) ?? false,
    });
  }
  return rows;
}

/** Null where the process is gone or belongs to someone else. */
function readQuietly(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

// pid ppid pgid stat, five words of a date, then the command with its environment.
const psLine = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)(.*)$/;

function readPs(marker: string): ProcessRow[] {
  const text = runPs(["-axwwE", "-o", "pid=,ppid=,pgid=,stat=,lstart=,command="], "latin1");
  return parsePs(text, marker);
}

/** Reads the lines of `ps -axwwE -o pid=,ppid=,pgid=,stat=,lstart=,command=`. */
export function parsePs(text: string, marker: string): ProcessRow[] {
  return text.split("\n").flatMap((line) => {
    const match = psLine.exec(line);
    if (match === null) return [];
    const [, pid, ppid, pgid, state = "", started = "", rest = ""] = match;
    return [
      {
        pid: Number(pid),
        ppid: Number(ppid),
        pgid: Number(pgid),
        sid: 0,
        started: started.split(/\s+/).join(" "),
        zombie: state.startsWith("Z"),
        halted: state.startsWith("T"),
        marked: `${rest} `.includes(` ${markerName}=${marker} `),
      },
    ];
  });
}

/** The command line of `pid` for people, or its bare name; empty where it is gone. */
export function readCommandLine(pid: number): string {
  if (process.platform !== "linux") {
    try {
      return runPs(["-ww", "-o", "command=", "-p", String(pid)], "utf8").trim();
    } catch {
      return "";
    }
  }
  const line = readQuietly(`/proc/${pid}/cmdline`)?.toString("utf8").replaceAll("\0", " ").trim();
  return line === undefined || line === "" ? (readQuietly(`/proc/${pid}/comm`)?.toString("utf8").trim() ?? "") : line;
}
