// Whether a process below the runner is one it may have: its own shims, and the programs its owner named. By what the
// system says of the process, not by what it says of itself.

import { judgeArguments } from "./judge-signature.ts";

export interface Spawned {
  readonly argv: readonly string[];
}

export interface SpawnRules {
  /** The runner's own arguments. */
  readonly runner: readonly string[];
  /** The folder of the runner's data, where the shim's program lies. */
  readonly data: string;
  readonly root: string;
  readonly signer: string;
  readonly shellLine: string;
  readonly node: string;
}

/** What the runner asks Perl for: to become the one orphans are given to. */
const adopts = /^(exit\()?syscall\(\d+, 36, 1, 0, 0, 0\) == 0/;

/** Why there may be no such process; null where there may. */
export function judgeSpawn(argv: readonly string[], rules: SpawnRules): string | null {
  const [program, first = "", second = ""] = argv;
  if (program === undefined || isSame(argv, rules.runner)) return null;
  if (program === "/usr/bin/perl") {
    const rest = argv.slice(3);
    return first === "-e" && adopts.test(second) && (rest.length === 0 || isShim(rest, rules)) ? null : "is no shim";
  }
  if (isShim(argv, rules) || makesPipes(argv, rules)) return null;
  if (program === "/bin/sh") {
    return isSame(argv, ["/bin/sh", "-c", rules.shellLine]) ? null : "is a shell with a line that is not its owner's";
  }
  if (program !== rules.node || first !== rules.signer) return "is no program of the owner's";
  return judgeArguments(argv.slice(2), rules.root);
}

function isShim(argv: readonly string[], { node, data }: SpawnRules): boolean {
  const [program, ...rest] = argv;
  const parameters = rest.filter((one) => !one.startsWith("--max-semi-space-size="));
  const [file = "", folder = ""] = parameters;
  const isOwn = (path: string): boolean => path.startsWith(`${data}/`) && !path.includes("/../");
  return program === node && parameters.length === 2 && /\/shim-[^/]+\.mjs$/.test(file) && isOwn(file) && isOwn(folder);
}

/** A shim has the system make its run's pipes. */
function makesPipes([program, option, mode, ...pipes]: readonly string[], { data }: SpawnRules): boolean {
  if (program !== "mkfifo" || option !== "-m" || mode !== "600") return false;
  const run = /^\/runs\/p\d+-\d+\/(stdin|stdout|stderr|output)\.pipe$/;
  return pipes.every((pipe) => pipe.startsWith(data) && run.test(pipe.slice(data.length)));
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((word, at) => word === other[at]);
}
