// Looks at every process below the runner from outside: again and again in /proc, and where `strace` is installed at every
// program that is executed, which misses none however short it lives.

import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

const lookEveryMs = 4;

/** Sees the processes below one by looking often. */
export class ProcessWatch {
  readonly #below: Set<number>;
  readonly #known = new Map<number, string>();
  readonly #seen = new Map<string, readonly string[]>();
  readonly #timer: NodeJS.Timeout;
  looks = 0;

  constructor(root: number) {
    this.#below = new Set([root]);
    this.#timer = setInterval(() => this.#look(), lookEveryMs);
  }

  /** The arguments of every process seen, each once. */
  get seen(): readonly (readonly string[])[] {
    return [...this.#seen.values()];
  }

  /** How many live below it now. */
  get living(): number {
    return this.#below.size - 1;
  }

  #look(): void {
    this.looks++;
    const pids = readdirSync("/proc").flatMap((name) => (/^[0-9]+$/.test(name) ? [Number(name)] : []));
    const now = new Set(pids);
    for (const pid of this.#known.keys()) if (!now.has(pid)) this.#forget(pid);
    for (const pid of pids) {
      // A child has its parent's arguments until it executes a program, so those below are read every time.
      if (this.#known.has(pid) && !this.#below.has(pid)) continue;
      const found = read(pid);
      if (found === null) continue;
      if (this.#below.has(found.parent)) this.#below.add(pid);
      const text = found.argv.join("\0");
      if (this.#below.has(pid) && this.#known.get(pid) !== text) this.#seen.set(text, found.argv);
      this.#known.set(pid, text);
    }
  }

  #forget(pid: number): void {
    this.#known.delete(pid);
    this.#below.delete(pid);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function read(pid: number): { readonly parent: number; readonly argv: readonly string[] } | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
    const line = readFileSync(`/proc/${pid}/cmdline`, "utf8");
    return { parent, argv: line === "" ? [] : line.replace(/\0$/, "").split("\0") };
  } catch {
    return null;
  }
}

/** The words before a program's own that have `strace` write down all that is executed; none where it cannot. */
export function tracer(file: string): readonly string[] {
  const words = [
    "-f",
    "--seccomp-bpf",
    "-qq",
    "-xx",
    "-s",
    "300000",
    "-e",
    "trace=execve,execveat",
    "-e",
    "signal=none",
    "-o",
    file,
  ];
  const tried = spawnSync("strace", ["--seccomp-bpf", "-f", "-qq", "-e", "trace=execve", "-o", "/dev/null", "true"], {
    stdio: "ignore",
  });
  return tried.status === 0 ? ["strace", ...words] : [];
}

/** What `strace` wrote: the arguments of every program that was executed, or tried in vain. */
export function readTrace(file: string): string[][] {
  const lines = readFileSync(file, "utf8").split("\n");
  return lines.flatMap((line) => {
    const list = /^\d+ +execve(?:at)?\([^[]*\[(.*?)\](?:\.\.\.)?, 0x/.exec(line)?.[1];
    if (list === undefined) return [];
    const words = [...list.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, hex = ""]) => unhex(hex));
    return [words];
  });
}

const unhex = (text: string): string => Buffer.from(text.replaceAll("\\x", ""), "hex").toString();
