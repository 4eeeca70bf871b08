// Processes that were started with a certain variable in their environment: found whoever started them, and however
// often they were started again. A pid file would be wrong from the moment one of them is.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

const endWithinMs = 5000;
const lookAgainMs = 10;

/** One variable of an environment. Neither name nor value holds a space. */
export interface Mark {
  readonly name: string;
  readonly value: string;
}

/** Marks what works on `folder`, which is named by what it is on disk: a copy of it is another one. */
export function folderMark(folder: string): Mark {
  const { dev, ino } = statSync(folder, { bigint: true });
  return { name: "LONGWIRE_CONTROL_PLANE_FOLDER", value: `${dev}:${ino}` };
}

/**
 * Pids of the living processes of this user whose environment holds `mark`.
 * None on Windows, where children end with the process that started them (libuv's job object).
 */
export function findMarked(mark: Mark): number[] {
  if (process.platform === "win32") return [];
  return process.platform === "linux" ? searchProc(mark) : searchPs(mark);
}

/** Kills all that carry `mark` and returns when they are gone. Their files are safe to open then. */
export async function endMarked(mark: Mark): Promise<void> {
  const deadline = performance.now() + endWithinMs;
  let left = findMarked(mark);
  while (left.length > 0) {
    if (performance.now() > deadline)
      throw new Error(`Process ${left.join(", ")} cannot be ended, and uses the data folder.`);
    for (const pid of left) kill(pid);
    await delay(lookAgainMs);
    left = findMarked(mark);
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}

function searchProc(mark: Mark): number[] {
  const wanted = `\0${mark.name}=${mark.value}\0`;
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids.filter((pid) => `\0${readEnvironment(pid)}`.includes(wanted));
}

/** Empty for a zombie, for a process that is gone and for one of another user. */
function readEnvironment(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, "latin1");
  } catch {
    return "";
  }
}

function searchPs(mark: Mark): number[] {
  const lines = execFileSync("/bin/ps", ["-axwwE", "-o", "pid=,command="], {
    encoding: "latin1",
    maxBuffer: 64 * 1024 * 1024,
    stdio: ["ignore", "pipe", "ignore"],
  }).split("\n");
  return lines
    .filter((line) => `${line} `.includes(` ${mark.name}=${mark.value} `))
    .map((line) => Number.parseInt(line, 10));
}
