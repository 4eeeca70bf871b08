// Which file or folder a path means now, so that another one in its place is noticed: the runner notes it when the owner
// is asked, and the shim looks again just before it spawns.

import { realpathSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { isExecutable } from "./spawn-failure.ts";

export interface FileIdentity {
  /** Without symbolic links. */
  readonly path: string;
  readonly device: string;
  readonly inode: string;
  /** Of a file: its size and when it was written, in nanoseconds. Empty for a folder. */
  readonly content: string;
}

/** Null where there is no such file or folder. */
export function identifyFile(path: string): FileIdentity | null {
  try {
    const real = realpathSync(path);
    const stats = statSync(real, { bigint: true });
    const content = stats.isDirectory() ? "" : `${stats.size} ${stats.mtimeNs} ${stats.mode}`;
    return { path: real, device: String(stats.dev), inode: String(stats.ino), content };
  } catch {
    return null;
  }
}

/** Where the system looks for a program whose environment has no `PATH`. */
const defaultPath = "/bin:/usr/bin";

/** The file that `program` starts in `cwd`, found as the system does: in the child's own `PATH` where it names no folder. */
function identifyProgram(program: string, cwd: string, path: string = defaultPath): FileIdentity | null {
  const places = program.includes("/")
    ? [program]
    : path.split(":").map((one) => join(one === "" ? "." : one, program));
  const found = places.map((place) => resolve(cwd, place)).find(isExecutable);
  return found === undefined ? null : identifyFile(found);
}

/** What was there when the owner approved a run. Null: nothing was. */
export interface BoundFiles {
  readonly program: FileIdentity | null;
  readonly folder: FileIdentity | null;
}

/** What a run would start with now. */
export function identifyBound(argv: readonly string[], cwd: string, path: string | undefined): BoundFiles {
  return { program: identifyProgram(argv[0] ?? "", cwd, path), folder: identifyFile(cwd) };
}

/** What is another one than it was; null where nothing is. */
export function findChange(before: BoundFiles, now: BoundFiles): "program" | "folder" | null {
  if (!isSame(before.program, now.program)) return "program";
  return isSame(before.folder, now.folder) ? null : "folder";
}

function isSame(one: FileIdentity | null, other: FileIdentity | null): boolean {
  if (one === null || other === null) return one === other;
  return (
    one.path === other.path && one.device === other.device && one.inode === other.inode && one.content === other.content
  );
}
