// Remembers which commands have their outcome in a spool, so that a repeated id is carried out once. One line a
// command in an append-only file; what is older than a day is left out when the file is rewritten, at each start.
//
// A command without an outcome needs no line: a start is found by the id in its run's folder, which is synced before
// anything is launched, and a stop or a signal may be done again.

import { closeSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import type { CommandId } from "@longwire/shared/ids.ts";
import { commandMemoryMs } from "@longwire/shared/limits.ts";
import { replaceDurably } from "./write-durably.ts";

interface Settled {
  readonly id: CommandId;
  readonly at: number;
  /** It came too late and nothing was done: the same id may come again with a later expiry. */
  readonly expired?: true;
}

export class CommandJournal {
  readonly #settled = new Map<CommandId, Settled>();
  readonly #fd: number;
  #dirty = false;
  /** Lines a disk without room has not taken yet. */
  #unwritten = "";

  /** `now` in milliseconds since 1970. */
  constructor(path: string, now: number) {
    for (const one of readLines(path)) if (one.at > now - commandMemoryMs) this.#settled.set(one.id, one);
    const lines = [...this.#settled.values()].map((one) => `${JSON.stringify(one)}\n`);
    replaceDurably(path, lines.join(""));
    this.#fd = openSync(path, "a", 0o600);
  }

  /** Whether the outcome of `id` is in a spool, now or earlier. */
  isSettled(id: CommandId): boolean {
    return this.#settled.has(id);
  }

  /** Whether `id` has an outcome that stays: not that it came too late, after which it may have come again. */
  isDone(id: CommandId): boolean {
    return this.isSettled(id) && !this.hasExpired(id);
  }

  /** Whether the outcome of `id` was that it came too late. */
  hasExpired(id: CommandId): boolean {
    return this.#settled.get(id)?.expired === true;
  }

  /** Takes note that the outcome of `id` was appended to a spool at `now`. */
  settle(id: CommandId, now: number, expired: boolean): void {
    this.#forgetBefore(now - commandMemoryMs);
    const settled: Settled = { id, at: now, ...(expired ? { expired: true } : {}) };
    this.#settled.delete(id);
    this.#settled.set(id, settled);
    this.#unwritten += `${JSON.stringify(settled)}\n`;
    this.#write();
  }

  /** Puts what is noted on the medium: before a run's folder goes, which says the same of its start. False: it has no room. */
  flush(): boolean {
    if (!this.#write()) return false;
    if (this.#dirty) fdatasyncSync(this.#fd);
    this.#dirty = false;
    return true;
  }

  #write(): boolean {
    if (this.#unwritten === "") return true;
    try {
      writeSync(this.#fd, this.#unwritten);
    } catch {
      // What was written of it in part is no line, once another one begins behind it.
      if (!this.#unwritten.startsWith("\n")) this.#unwritten = `\n${this.#unwritten}`;
      return false;
    }
    this.#unwritten = "";
    this.#dirty = true;
    return true;
  }

  close(): void {
    closeSync(this.#fd);
  }

  #forgetBefore(at: number): void {
    for (const [id, one] of this.#settled) {
      if (one.at > at) return;
      this.#settled.delete(id);
    }
  }
}

/** The lines that are whole; a crash may have cut the last one. */
function readLines(path: string): Settled[] {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return [];
  }
  return text.split("\n").flatMap((line) => {
    try {
      return line === "" ? [] : [JSON.parse(line) as Settled];
    } catch {
      return [];
    }
  });
}
