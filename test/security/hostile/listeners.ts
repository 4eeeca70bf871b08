// Sockets that listen and belong to a process or to anything below it, as /proc has them.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { treeOf } from "../../support/process-tree.ts";

/** The commands of those who listen on a TCP port. */
export function findListeners(pid: number): string[] {
  const inodes = new Set(
    ["tcp", "tcp6"].flatMap((table) =>
      readFileSync(`/proc/${pid}/net/${table}`, "utf8")
        .split("\n")
        .map((line) => line.trim().split(/\s+/))
        .flatMap((fields) => (fields[3] === "0A" ? [`socket:[${fields[9]}]`] : [])),
    ),
  );
  return treeOf(pid).flatMap((known) => (linksOf(known.pid).some((link) => inodes.has(link)) ? [known.command] : []));
}

function linksOf(pid: number): string[] {
  const folder = `/proc/${pid}/fd`;
  const read = (name: string): string[] => {
    try {
      return [readlinkSync(`${folder}/${name}`)];
    } catch {
      return [];
    }
  };
  try {
    return readdirSync(folder).flatMap(read);
  } catch {
    return [];
  }
}
