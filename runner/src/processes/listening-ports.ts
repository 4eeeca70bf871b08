// Who listens on which TCP ports, so that whoever blocks one can be found and a server's beginning be noticed.

import { execFileSync } from "node:child_process";
import { readFileSync, readlinkSync } from "node:fs";
import { readSocketInodes } from "./open-handles.ts";

export interface ListenAddress {
  readonly port: number;
  /** As the system prints it: `0.0.0.0`, `::` and `*` are all of the machine's. */
  readonly address: string;
}

export interface Listener extends ListenAddress {
  /** Null where the system does not say whose it is: another user's, most often. */
  readonly pid: number | null;
}

/** What `pids` listen on, by port; nothing of those that may not be asked. */
export function findListeners(pids: readonly number[]): Listener[] {
  if (pids.length === 0) return [];
  const found =
    process.platform === "linux"
      ? readProcListeners(pids).map(({ port, address, pid }) => ({ port, address, pid }))
      : parseLsof(runLsof(["-p", pids.join(",")]));
  return sortListeners(found);
}

/** What anybody on the machine listens on, by port. `pids` are all there are; `mine` those that are asked in any case. */
export function findAllListeners(pids: readonly number[], mine: readonly number[]): Listener[] {
  if (process.platform !== "linux") return sortListeners(parseLsof(runLsof([])));
  const found: Listener[] = [];
  const unknown = readListening("self");
  for (const { inode, ...listener } of readProcListeners(mine)) {
    found.push(listener);
    unknown.delete(inode);
  }
  const asked = new Set(mine);
  for (const pid of pids) {
    if (unknown.size === 0) break;
    if (asked.has(pid)) continue;
    for (const inode of readSocketInodes(pid)) {
      const listening = unknown.get(inode);
      if (listening === undefined) continue;
      found.push({ ...listening, pid });
      unknown.delete(inode);
    }
  }
  for (const listening of unknown.values()) found.push({ ...listening, pid: null });
  return sortListeners(found);
}

function sortListeners(listeners: Listener[]): Listener[] {
  return listeners.sort((a, b) => a.port - b.port || (a.pid ?? 0) - (b.pid ?? 0));
}

function readProcListeners(pids: readonly number[]): (Listener & { readonly inode: string })[] {
  // A process may live in a network namespace of its own, and is listed by that one's tables.
  const tables = new Map<string, Map<string, ListenAddress>>();
  return pids.flatMap((pid) => {
    const namespace = readNamespace(pid);
    const listening = tables.get(namespace) ?? readListening(String(pid));
    tables.set(namespace, listening);
    if (listening.size === 0) return [];
    return readSocketInodes(pid).flatMap((inode) => {
      const one = listening.get(inode);
      return one === undefined ? [] : [{ ...one, pid, inode }];
    });
  });
}

function readNamespace(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return String(pid);
  }
}

function readListening(pid: string): Map<string, ListenAddress> {
  return new Map([...readTable(`/proc/${pid}/net/tcp`), ...readTable(`/proc/${pid}/net/tcp6`)]);
}

function readTable(path: string): Map<string, ListenAddress> {
  try {
    return parseProcNet(readFileSync(path, "latin1"));
  } catch {
    return new Map();
  }
}

const listeningState = "0A";

/** Reads `/proc/net/tcp` or `tcp6`: the address of each listening socket by its inode. */
export function parseProcNet(text: string): Map<string, ListenAddress> {
  const found = new Map<string, ListenAddress>();
  for (const line of text.split("\n").slice(1)) {
    const fields = line.trim().split(/\s+/);
    const inode = fields[9];
    const [address, port] = fields[1]?.split(":") ?? [];
    if (fields[3] !== listeningState || address === undefined || port === undefined || inode === undefined) continue;
    found.set(inode, { port: Number.parseInt(port, 16), address: readAddress(address) });
  }
  return found;
}

/** The kernel prints an address as 32-bit words in the machine's order of bytes, the little end first wherever Node runs. */
function readAddress(hex: string): string {
  const bytes = (hex.match(/.{8}/g) ?? []).flatMap((word) => [...Buffer.from(word, "hex")].toReversed());
  if (bytes.length === 4) return bytes.join(".");
  const groups = Buffer.from(bytes).toString("hex").match(/.{4}/g) ?? [];
  // The URL parser writes the short form.
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}

function runLsof(selection: readonly string[]): string {
  try {
    const also = selection.length === 0 ? [] : ["-a", ...selection];
    return execFileSync("/usr/sbin/lsof", ["-nP", "-iTCP", "-sTCP:LISTEN", ...also, "-Fpn"], {
      encoding: "latin1",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return "";
  }
}

/** Reads the fields `p` (pid) and `n` (address) of `lsof -F pn`. */
export function parseLsof(text: string): Listener[] {
  let pid: number | null = null;
  return text.split("\n").flatMap((line) => {
    if (line.startsWith("p")) pid = Number(line.slice(1));
    const match = /^n(.*):(\d+)$/.exec(line);
    if (match === null) return [];
    const [, address = "", port] = match;
    return [{ port: Number(port), address: address.replace(/^\[(.*)\]$/, "$1"), pid }];
  });
}
