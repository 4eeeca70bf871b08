// What one process has used, from what the system says of it: processor time, memory, bytes read and written.

import { readFileSync } from "node:fs";
import type { ProcStat } from "@longwire/shared/node/process-identity.ts";

/** Times include those of children that ended and were waited for, where the system tells. */
export interface Usage {
  readonly userMs: number;
  readonly systemMs: number;
  readonly residentBytes: number;
}

/** How the kernel counts, as it tells every process in its auxiliary vector. */
export interface Units {
  readonly pageBytes: number;
  readonly ticksPerSecond: number;
}

const auxv = { pageBytes: 6n, ticksPerSecond: 17n };

/** Reads `/proc/self/auxv` (getauxval(3)): pairs of 64-bit numbers. */
export function parseUnits(bytes: Buffer): Units {
  const values = new Map<bigint, number>();
  for (let at = 0; at + 16 <= bytes.length; at += 16) {
    values.set(bytes.readBigUInt64LE(at), Number(bytes.readBigUInt64LE(at + 8)));
  }
  return {
    pageBytes: values.get(auxv.pageBytes) ?? 4096,
    ticksPerSecond: values.get(auxv.ticksPerSecond) ?? 100,
  };
}

let units: Units | null = null;

/** What `/proc/<pid>/stat` says of a process's use. */
export function usageOf({ ticks, residentPages }: ProcStat): Usage {
  units ??= parseUnits(readFileSync("/proc/self/auxv"));
  const ms = 1000 / units.ticksPerSecond;
  return {
    userMs: (ticks.user + ticks.endedUser) * ms,
    systemMs: (ticks.system + ticks.endedSystem) * ms,
    residentBytes: residentPages * units.pageBytes,
  };
}

/** Milliseconds of a time as `ps` prints it: `[[days-]hours:]minutes:seconds`, with a fraction or without. */
export function parseCpuTime(text: string): number {
  const [rest = "", days = "0"] = text.split("-").toReversed();
  const seconds = rest.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  const total = Number(days) * 86_400 + seconds;
  return Number.isFinite(total) ? Math.round(total * 1000) : 0;
}

/** Bytes a process got by reading and gave by writing: files, pipes and terminals alike. */
export interface Transfer {
  readonly readBytes: number;
  readonly writtenBytes: number;
}

/** Reads the text of `/proc/<pid>/io` (proc(5)); ended children that were waited for are in it. */
export function parseProcIo(text: string): Transfer {
  const of = (name: string): number => Number(new RegExp(`^${name}: (\\d+)$`, "m").exec(text)?.[1] ?? 0);
  return { readBytes: of("rchar"), writtenBytes: of("wchar") };
}

/** Null where the system does not tell. */
export function readTransfer(pid: number): Transfer | null {
  if (process.platform !== "linux") return null;
  try {
    return parseProcIo(readFileSync(`/proc/${pid}/io`, "latin1"));
  } catch {
    return null;
  }
}
