// Who runs on this machine, read from /proc: for tests that must leave nobody behind.

import { readdirSync, readFileSync } from "node:fs";

/** A process that cannot be confused with a later one of the same number. */
export interface Known {
  readonly pid: number;
  readonly parent: number;
  readonly startTime: string;
  readonly command: string;
}

function readProcess(pid: number): Known | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (fields[0] === "Z") return null;
    const command = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ").trim();
    return { pid, parent: Number(fields[1]), startTime: fields[19] ?? "", command };
  } catch {
    return null;
  }
}

function allProcesses(): Known[] {
  return readdirSync("/proc").flatMap((name) => {
    const known = /^[0-9]+$/.test(name) ? readProcess(Number(name)) : null;
    return known === null ? [] : [known];
  });
}

/** States, as in `/proc/PID/stat`, of the direct children of `pid`: `S`, `Z`… */
export function childStatesOf(pid: number): string[] {
  return readdirSync("/proc").flatMap((name) => {
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const [state = "", parent] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
      return Number(parent) === pid ? [state] : [];
    } catch {
      return [];
    }
  });
}

/** `pid` and everything below it. */
export function treeOf(pid: number): Known[] {
  const all = allProcesses();
  const tree = all.filter((known) => known.pid === pid);
  for (const member of tree) tree.push(...all.filter((known) => known.parent === member.pid));
  return tree;
}

/** Those of `known` that still live. */
export function survivorsOf(known: readonly Known[]): Known[] {
  return known.filter(({ pid, startTime }) => readProcess(pid)?.startTime === startTime);
}
