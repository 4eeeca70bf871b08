// What processes use together: resident memory (shared pages count for each), processor time with that of children they
// waited for, open descriptors. From /proc, and from `ps` elsewhere, where descriptors are not told.

import { readdirSync, readFileSync } from "node:fs";
import { runPs } from "@longwire/shared/node/run-ps.ts";

export interface Usage {
  readonly memory_bytes: number;
  readonly cpu_ms: number;
  readonly open_files: number;
}

/** Linux counts processor time in hundredths of a second, whatever the kernel's own tick is (proc(5)). */
const msPerTick = 10;
const nothing: Usage = { memory_bytes: 0, cpu_ms: 0, open_files: 0 };

/** The sum over `pids`; who is gone or may not be asked counts nothing. */
export function measureUsage(pids: readonly number[]): Usage {
  if (pids.length === 0) return nothing;
  if (process.platform !== "linux") return readPsUsage(pids);
  return pids.map((pid) => readProcUsage(pid)).reduce(add, nothing);
}

function add(one: Usage, other: Usage): Usage {
  return {
    memory_bytes: one.memory_bytes + other.memory_bytes,
    cpu_ms: one.cpu_ms + other.cpu_ms,
    open_files: one.open_files + other.open_files,
  };
}

function readProcUsage(pid: number): Usage {
  try {
    const { cpu_ms } = parseStatUsage(readFileSync(`/proc/${pid}/stat`, "latin1"));
    const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))?.[1] ?? "0";
    return { memory_bytes: Number(rss) * 1024, cpu_ms, open_files: readdirSync(`/proc/${pid}/fd`).length };
  } catch {
    return nothing;
  }
}

/** Reads `utime`, `stime`, `cutime` and `cstime` of `/proc/<pid>/stat`, whose name may hold anything. */
export function parseStatUsage(text: string): { readonly cpu_ms: number } {
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { cpu_ms: ticks * msPerTick };
}

function readPsUsage(pids: readonly number[]): Usage {
  return parsePsUsage(runPs(["-o", "rss=,time=", "-p", pids.join(",")], "latin1"));
}

/** Reads lines of `ps -o rss=,time=`: KiB and `[[days-]hours:]minutes:seconds[.hundredths]`. */
export function parsePsUsage(text: string): Usage {
  return text
    .split("\n")
    .map((line) => {
      const [, rss, time] = /^\s*(\d+)\s+([\d:.-]+)\s*$/.exec(line) ?? [];
      if (rss === undefined || time === undefined) return nothing;
      const [days, clock] = time.includes("-") ? time.split("-") : ["0", time];
      const seconds = (clock ?? "").split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
      return { memory_bytes: Number(rss) * 1024, cpu_ms: (Number(days) * 86_400 + seconds) * 1000, open_files: 0 };
    })
    .reduce(add, nothing);
}
