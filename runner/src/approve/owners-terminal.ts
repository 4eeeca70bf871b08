// The terminal the owner is asked in: the runner's own, or that of the program that looks after it and hands it down.
// It is read only while a question stands there, and only while its job is in the foreground.

import { readFileSync } from "node:fs";
import { isatty, ReadStream, WriteStream } from "node:tty";
import { parseProcStat } from "@longwire/shared/node/process-identity.ts";
import { runPs } from "@longwire/shared/node/run-ps.ts";

export interface OwnersTerminal {
  readonly input: ReadStream;
  readonly output: WriteStream;
  /** A process of the job that has the terminal. */
  readonly job: number;
}

/** Names the descriptor of a terminal that was handed down. */
const handedDown = "LONGWIRE_TERMINAL_FD";

/** Null where there is none to ask in. `own`: whether this program's own may be used. */
export function findOwnersTerminal(own: boolean): OwnersTerminal | null {
  const fd = Number(process.env[handedDown] ?? Number.NaN);
  if (Number.isInteger(fd) && fd > 2 && isatty(fd)) {
    return { input: new ReadStream(fd), output: new WriteStream(fd), job: process.ppid };
  }
  if (!own || !isatty(0) || !isatty(2)) return null;
  return { input: new ReadStream(0), output: new WriteStream(2), job: process.pid };
}

interface Job {
  /** The job's process group. */
  readonly group: number;
  /** The group the terminal takes its keys from; 0 or less where it has no such thing. */
  readonly foreground: number;
}

/** Whether keys go to the terminal's own job, and not to a shell that put it into the background. */
export function isInForeground({ job }: OwnersTerminal): boolean {
  const known = readJob(job);
  return known !== null && (known.foreground <= 0 || known.foreground === known.group);
}

/** Does what the terminal would do at Ctrl-C, if its keys were not being read one by one. */
export function interruptJob({ job }: OwnersTerminal): void {
  const group = readJob(job)?.group ?? 0;
  process.kill(group > 1 ? -group : process.pid, "SIGINT");
}

function readJob(pid: number): Job | null {
  try {
    if (process.platform === "linux") {
      const stat = parseProcStat(readFileSync(`/proc/${pid}/stat`, "latin1"));
      return stat === null ? null : { group: stat.pgid, foreground: stat.foreground };
    }
    const [group = 0, foreground = 0] = runPs(["-o", "pgid=,tpgid=", "-p", String(pid)], "latin1")
      .trim()
      .split(/\s+/)
      .map(Number);
    return { group, foreground };
  } catch {
    return null;
  }
}
