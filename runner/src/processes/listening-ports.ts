// Which TCP ports processes listen on, so that a process that survived a stop can be recognised by what it blocks.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The ports each of `pids` listens on, ascending; no entry for those that hold none or may not be asked. */
export function findListeningPorts(pids: readonly number[]): Map<number, number[]> {
  if (pids.length === 0) return new Map();
  return process.platform === "linux" ? readProcPorts(pids) : readLsofPorts(pids);
}

const listening = "0A";

/** Reads `/proc/net/tcp` or `tcp6`: the port of each listening socket by its inode. */
export function parseProcNet(text: string): Map<string, number> {
  const ports = new Map<string, number>();
  for (const line of text.split("\n").slice(1)) {
    const fields = line.trim().split(/\s+/);
    const local = fields[1];
    const inode = fields[9];
    if (fields[3] !== listening || local === undefined || inode === undefined) continue;
    ports.set(inode, Number.parseInt(local.slice(local.lastIndexOf(":") + 1), 16));
  }
  return ports;
}

function readProcPorts(pids: readonly number[]): Map<number, number[]> {
  const found = new Map<number, number[]>();
  for (const pid of pids) {
    // The process's own table: it may live in another network namespace.
    const ports = new Map([...readTable(`/proc/${pid}/net/tcp`), ...readTable(`/proc/${pid}/net/tcp6`)]);
    if (ports.size > 0)
      addPorts(
        found,
        pid,
        readInodes(pid).flatMap((inode) => ports.get(inode) ?? []),
      );
  }
  return found;
}

function readTable(path: string): Map<string, number> {
  try {
    return parseProcNet(readFileSync(path, "latin1"));
  } catch {
    return new Map();
  }
}

function readInodes(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    });
  } catch {
    return [];
  }
}

function readLsofPorts(pids: readonly number[]): Map<number, number[]> {
  try {
    const text = execFileSync("/usr/sbin/lsof", ["-nP", "-iTCP", "-sTCP:LISTEN", "-a", "-p", pids.join(","), "-Fpn"], {
      encoding: "latin1",
      stdio: ["ignore", "pipe", "ignore"],
    });
    return parseLsof(text);
  } catch {
    return new Map();
  }
}

/** Reads the fields `p` (pid) and `n` (address) of `lsof -F pn`. */
export function parseLsof(text: string): Map<number, number[]> {
  const found = new Map<number, number[]>();
  let pid = 0;
  for (const line of text.split("\n")) {
    if (line.startsWith("p")) pid = Number(line.slice(1));
    const port = line.startsWith("n") ? Number(line.slice(line.lastIndexOf(":") + 1)) : Number.NaN;
    if (Number.isInteger(port)) addPorts(found, pid, [...(found.get(pid) ?? []), port]);
  }
  return found;
}

function addPorts(found: Map<number, number[]>, pid: number, ports: readonly number[]): void {
  if (ports.length > 0)
    found.set(
      pid,
      [...new Set(ports)].sort((a, b) => a - b),
    );
}
