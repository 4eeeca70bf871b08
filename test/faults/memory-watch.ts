// Resident memory of processes, read from /proc.

import { readFileSync } from "node:fs";
import type { Known } from "../support/process-tree.ts";

const KiB = 1024;
const MiB = KiB * KiB;

/** Bytes a process holds in memory now; 0 where it is gone. */
export function residentBytes(pid: number): number {
  try {
    const [, kib = "0"] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kib) * KiB;
  } catch {
    return 0;
  }
}

/** Looks at processes again and again, and remembers the most each one held. */
export class MemoryWatch {
  readonly #watched: ReadonlyMap<string, Known>;
  readonly #before: ReadonlyMap<string, number>;
  readonly #most: Map<string, number>;
  readonly #timer: NodeJS.Timeout;

  constructor(watched: Readonly<Record<string, Known>>) {
    this.#watched = new Map(Object.entries(watched));
    this.#before = new Map([...this.#watched].map(([name, { pid }]) => [name, residentBytes(pid)]));
    this.#most = new Map(this.#before);
    this.#timer = setInterval(() => this.#look(), 50);
  }

  #look(): void {
    for (const [name, { pid }] of this.#watched) {
      this.#most.set(name, Math.max(this.#most.get(name) ?? 0, residentBytes(pid)));
    }
  }

  /** The most `name` held, in MiB. */
  mostMiB(name: string): number {
    this.#look();
    return Math.round((this.#most.get(name) ?? 0) / MiB);
  }

  /** By how much `name` grew at the most, in MiB. */
  growthMiB(name: string): number {
    return this.mostMiB(name) - Math.round((this.#before.get(name) ?? 0) / MiB);
  }

  close(): void {
    clearInterval(this.#timer);
  }
}
