// What a process holds open, and which of it are sockets.

import { readdirSync, readlinkSync } from "node:fs";

/** How many descriptors `pid` has open; null where that may not be asked. */
export function countHandles(pid: number): number | null {
  if (process.platform !== "linux") return null;
  try {
    return readdirSync(`/proc/${pid}/fd`).length;
  } catch {
    return null;
  }
}

/** The inodes of the sockets `pid` has open; none where that may not be asked. */
export function readSocketInodes(pid: number): string[] {
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
