/** What the programs of a subject use, read from /proc. */
import { readFileSync } from "node:fs";

import { treeOf } from "../support/process-tree.ts";
import type { Subject } from "./subject.ts";

/** Who a process is, by its command line. A floor's sender is its runner. */
const ROLES = {
  workerd: /\/workerd serve/,
  runner: /\/cli\.js connect|\/sender\.ts/,
  shim: /\/shim-\w+\.mjs/,
} as const;

export type Role = keyof typeof ROLES;

const PAGE_BYTES = 4096;
const TICK_MS = 10;

/** Pids of the subject's processes in this role. */
export function pidsOf(subject: Subject, role: Role): number[] {
  const known = subject.pids().flatMap((pid) => treeOf(pid));
  return known.filter(({ command }) => ROLES[role].test(command)).map(({ pid }) => pid);
}

/** Resident memory of these processes, in MiB. One that ended has none. */
export function residentMib(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => sum + Number(readProc(pid, "statm").split(" ")[1] ?? 0) * PAGE_BYTES, 0) / 2 ** 20;
}

/** Processor time these processes had, in milliseconds. */
export function processorMs(pids: readonly number[]): number {
  return pids.reduce((sum, pid) => {
    const stat = readProc(pid, "stat");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return sum + (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
  }, 0);
}

function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}
