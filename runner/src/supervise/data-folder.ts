// What lies where in a runner's data folder:
//
//   lock.<n>        who uses the folder
//   last-seq.json   the highest seq the control plane told of
//   processes.json  ids, names and run numbers
//   starts/<process>.json   what the start of each process asked
//   commands.log    commands that have their outcome
//   owner.sock      where the owner decides on the machine itself
//   audit/          what was asked and done, entry by entry
//   runs/<process>-<run>/   one a run: spec, claim, segments
//   spools/<id>/    the runner's own spools, one for each start
//   shim/           the shim program, by content

import { chmodSync, lstatSync, mkdirSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Bytes of a socket's path on macOS, its final zero left out; Linux allows 107. */
export const maxSocketPathBytes = 103;
/** Of a socket's name: a slash and twelve characters. */
const socketNameBytes = 13;

export interface DataFolder {
  readonly root: string;
  readonly runs: string;
  readonly spools: string;
  readonly shim: string;
  readonly processes: string;
  readonly starts: string;
  readonly commands: string;
  readonly audit: string;
}

/** Makes what is missing; only the owner may enter. */
export function openDataFolder(root: string): DataFolder {
  const folder: DataFolder = {
    root,
    runs: join(root, "runs"),
    spools: join(root, "spools"),
    shim: join(root, "shim"),
    processes: join(root, "processes.json"),
    starts: join(root, "starts"),
    commands: join(root, "commands.log"),
    audit: join(root, "audit"),
  };
  for (const one of [root, folder.runs, folder.spools, folder.shim]) mkdirSync(one, { recursive: true, mode: 0o700 });
  chmodSync(root, 0o700);
  return folder;
}

/** A private folder whose path is short enough for sockets: of the user's session where there is one. */
export function openSocketFolder(environment: NodeJS.ProcessEnv): string {
  const session = environment["XDG_RUNTIME_DIR"];
  const candidates = [
    ...(session === undefined || session === "" ? [] : [join(session, "longwire")]),
    ...[tmpdir(), "/tmp"].map((folder) => join(folder, `longwire-${process.getuid?.() ?? 0}`)),
  ];
  const found = candidates.find(
    (folder) => Buffer.byteLength(folder) + socketNameBytes <= maxSocketPathBytes && own(folder),
  );
  return found ?? mkdtempSync("/tmp/longwire-");
}

/** Whether `folder` is there now and is this user's alone: anyone may make a folder of that name in `/tmp`. */
function own(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const stat = lstatSync(folder);
    return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o077) === 0;
  } catch {
    return false;
  }
}
