// npx starts pnpm in a shell of its own, and a SIGTERM to npx ends only the two of them: pnpm, which would have
// forwarded it, never hears of it. So whoever is started through npx watches the line of its parents.

import { readFileSync } from "node:fs";

const checkEveryMs = 250;
const maxParents = 8;

const parentOf = (pid: number): number | undefined => {
  try {
    // The second field, a file name in parentheses, may hold anything; the parent is the second one after it.
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  } catch {
    return undefined;
  }
};

const isNpm = (pid: number): boolean => {
  try {
    return /^np[mx]\b/.test(readFileSync(`/proc/${pid}/cmdline`, "utf8"));
  } catch {
    return false;
  }
};

/** Our parents up to npm, nearest first; empty where npm did not start us, or where there is no `/proc`. */
const parentsUpToNpm = (): number[] => {
  const parents: number[] = [];
  let pid: number | undefined = process.ppid;
  while (pid !== undefined && pid > 0 && parents.length < maxParents) {
    parents.push(pid);
    if (isNpm(pid)) return parents;
    pid = parentOf(pid);
  }
  return [];
};

/** Sends this process a SIGTERM once npx, or anything between it and us, is gone. */
export const endWithLauncher = (): void => {
  const parents = parentsUpToNpm();
  if (parents.length === 0) return;
  const timer = setInterval(() => {
    const isWhole = parents.every((pid, index) => index === 0 || parentOf(parents[index - 1] ?? 0) === pid);
    if (isWhole && process.ppid === parents[0]) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, checkEveryMs);
  timer.unref();
};
