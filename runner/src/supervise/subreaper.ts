// On Linux a process can become the one that orphans of its descendants are given to. A shim that is, finds everything
// its run ever started, whatever those did to be forgotten. Node has no call for it, and the attribute survives `exec`:
// Perl, which practically every Linux has, makes the call and becomes the shim. On its way it closes the descriptors
// that whoever started the runner left open, which a child would inherit. https://man7.org/linux/man-pages/man2/PR_SET_CHILD_SUBREAPER.2const.html

import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const perl = "/usr/bin/perl";
/** `prctl` by architecture, as in Linux' tables of system calls. */
const prctlNumbers: Readonly<Partial<Record<NodeJS.Architecture, number>>> = { x64: 157, arm64: 167 };
const setChildSubreaper = 36;

/** Closes all but the standard ones and the socket to the runner. */
const closeOthers =
  "opendir my $d, '/proc/self/fd'; for (grep { /^\\d+$/ && $_ > 3 } readdir $d) { open my $f, '<&=', $_ and close $f }";

/** The program and arguments to put before a shim's own so that it adopts; null where this system cannot. */
export function findSubreaper(): readonly [string, ...string[]] | null {
  const prctl = prctlNumbers[process.arch];
  if (process.platform !== "linux" || prctl === undefined || !existsSync(perl)) return null;
  const adopt = `syscall(${prctl}, ${setChildSubreaper}, 1, 0, 0, 0) == 0`;
  const { status } = spawnSync(perl, ["-e", `exit(${adopt} ? 0 : 1)`], { stdio: "ignore" });
  // A shim that could not adopt is a shim all the same.
  return status === 0 ? [perl, "-e", `${adopt}; ${closeOthers} exec { $ARGV[0] } @ARGV`] : null;
}
