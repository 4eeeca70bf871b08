// One look at all processes of the machine. Linux: a walk through /proc, about 2 ms for 140 processes. Elsewhere: `ps`.
// Synchronous, so that what is decided from it is decided before anything else happens here.

import { readdirSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { parseProcStat } from "@longwire/shared/node/process-identity.ts";
import { runPs } from "@longwire/shared/node/run-ps.ts";
import { parseCpuTime, usageOf, type Usage } from "./usage.ts";

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
  /** What the process began with under {@link markerName}; null where that is nothing, or may not be read. */
  readonly marker: string | null;
  readonly usage: Usage;
}

/** All processes. */
export function readProcessTable(): ProcessRow[] {
  return process.platform === "linux" ? readProc() : readPs();
}

function readProc(): ProcessRow[] {
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
      marker: findMarker(readQuietly(`/proc/${name}/environ`)),
      usage: usageOf(stat),
    });
  }
  return rows;
}

const assignment = Buffer.from(`${markerName}=`);

/** The marker in the bytes of `/proc/<pid>/environ`: `NAME=value`, each ended by a zero byte. */
export function findMarker(environment: Buffer | null): string | null {
  if (environment === null) return null;
  let at = environment.indexOf(assignment);
  while (at > 0 && environment[at - 1] !== 0) at = environment.indexOf(assignment, at + 1);
  if (at < 0) return null;
  const end = environment.indexOf(0, at);
  return environment.toString("latin1", at + assignment.length, end < 0 ? undefined : end);
}

/** Null where the process is gone or belongs to someone else. */
function readQuietly(path: string): Buffer | null {
  try {
    return readFileSync(path);
  } catch {
    return null;
  }
}

const psColumns = "pid=,ppid=,pgid=,stat=,rss=,time=,utime=,lstart=,command=";
// Seven words, five words of a date, then the command with its environment.
const psLine = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\d+)\s+(\S+)\s+(\S+)\s+(\S+\s+\S+\s+\S+\s+\S+\s+\S+)(.*)$/;
const psMarker = new RegExp(` ${markerName}=(\\S*)`);

function readPs(): ProcessRow[] {
  return parsePs(runPs(["-axwwE", "-o", psColumns], "latin1"));
}

/** Reads the lines of `ps -axwwE -o` with {@link psColumns}. */
export function parsePs(text: string): ProcessRow[] {
  return text.split("\n").flatMap((line) => {
    const match = psLine.exec(line);
    if (match === null) return [];
    const [, pid, ppid, pgid, state = "", kilobytes, cpu = "", userCpu = "", started = "", rest = ""] = match;
    const userMs = parseCpuTime(userCpu);
    return [
      {
        pid: Number(pid),
        ppid: Number(ppid),
        pgid: Number(pgid),
        sid: 0,
        started: started.split(/\s+/).join(" "),
        zombie: state.startsWith("Z"),
        halted: state.startsWith("T"),
        marker: psMarker.exec(rest)?.[1] ?? null,
        usage: {
          userMs,
          systemMs: Math.max(0, parseCpuTime(cpu) - userMs),
          residentBytes: Number(kilobytes) * 1024,
        },
      },
    ];
  });
}

/** The bare name of the program `pid` runs; empty where it is gone. */
export function readProgramName(pid: number): string {
  if (process.platform === "linux") return readQuietly(`/proc/${pid}/comm`)?.toString("utf8").trim() ?? "";
  try {
    return basename(runPs(["-o", "comm=", "-p", String(pid)], "utf8").trim());
  } catch {
    return "";
  }
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
  return line === undefined || line === "" ? readProgramName(pid) : line;
}
