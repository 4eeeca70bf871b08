// The runner's own audit on disk: one entry a line, in files of the data folder that only their owner may read, each
// named by its first entry. A full file is followed by another; of more than eight the oldest goes, which the next one
// begins by saying. An entry is with the system before what it records is done, and on the medium before anything is
// spawned.

import {
  chmodSync,
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import {
  chainStart,
  sealEntry,
  type AuditDraft,
  type AuditEntry,
  type ChainHead,
} from "@longwire/shared/audit/entry.ts";
import { trimmedTarget } from "@longwire/shared/audit/verify.ts";
import { parseJson } from "@longwire/shared/parse-json.ts";
import { syncFolder } from "./write-durably.ts";

export interface AuditFolderBounds {
  readonly fileBytes: number;
  readonly files: number;
}
const ownBounds: AuditFolderBounds = { fileBytes: 4 * 1024 * 1024, files: 8 };
/** What waits for a disk without room. */
const maxUnwritten = 1000;

const nameOf = (first: number): string => `${String(first).padStart(12, "0")}.jsonl`;

/** The files of an audit, oldest first. */
export function listAuditFiles(folder: string): string[] {
  try {
    const names = readdirSync(folder).filter((name) => /^\d{12}\.jsonl$/.test(name));
    return names.sort().map((name) => join(folder, name));
  } catch {
    return [];
  }
}

/** The whole lines of a file, each parsed; null for one that is no JSON. */
export function readAuditLines(file: string): unknown[] {
  const text = readFileSync(file, "utf8");
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .slice(0, -1)
    .map((line) => parseJson(line) ?? null);
}

export class AuditFolder {
  readonly #folder: string;
  readonly #bounds: AuditFolderBounds;
  #files: string[];
  #fd: number;
  #size: number;
  #head: ChainHead = chainStart;
  #lastAt = 0;
  /** Lines a disk without room has not taken yet, and how many entries were not made for want of it. */
  #unwritten: string[] = [];
  #lost = 0;
  /** The last entry that told where the control plane's own audit stood. */
  lastTold: ChainHead | null = null;

  constructor(folder: string, bounds: AuditFolderBounds = ownBounds) {
    this.#folder = folder;
    this.#bounds = bounds;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    chmodSync(folder, 0o700);
    this.#files = listAuditFiles(folder);
    for (const file of this.#files.slice(-2)) this.#take(readAuditLines(file));
    const newest = this.#files.at(-1) ?? join(folder, nameOf(this.#head.n + 1));
    if (this.#files.length === 0) this.#files = [newest];
    [this.#fd, this.#size] = openAtEnd(newest);
  }

  /** Goes on after the last whole entry; what a crash tore off is not one. */
  #take(lines: readonly unknown[]): void {
    for (const line of lines) {
      const { n, hash, at, told } = (line ?? {}) as Partial<AuditEntry>;
      if (typeof n !== "number" || typeof hash !== "string" || typeof at !== "string") continue;
      this.#head = { n, hash };
      this.#lastAt = Date.parse(at);
      this.lastTold = told ?? this.lastTold;
    }
  }

  get head(): ChainHead {
    return this.#head;
  }

  /** Writes an entry. A disk that takes nothing gets it later; what is to be done is not hindered by that. */
  append(draft: AuditDraft, now: number): void {
    if (this.#unwritten.length >= maxUnwritten) {
      this.#lost++;
      if (!this.#write()) return;
    }
    if (this.#lost > 0) {
      const reason = `${this.#lost} entries had no room on the disk`;
      this.#lost = 0;
      this.#seal({ actor: { kind: "runner" }, act: "message", target: "audit", outcome: "refused", reason }, now);
    }
    this.#seal(draft, now);
    if (this.#write() && this.#size >= this.#bounds.fileBytes) this.#rotate(now);
  }

  #seal(draft: AuditDraft, now: number): void {
    const at = Math.max(now, this.#lastAt);
    const entry = sealEntry(draft, this.#head, new Date(at).toISOString());
    this.#lastAt = at;
    this.#head = { n: entry.n, hash: entry.hash };
    this.lastTold = entry.told ?? this.lastTold;
    this.#unwritten.push(`${JSON.stringify(entry)}\n`);
  }

  #write(): boolean {
    if (this.#unwritten.length === 0) return true;
    const text = this.#unwritten.join("");
    try {
      writeSync(this.#fd, text);
      this.#size += Buffer.byteLength(text);
      this.#unwritten = [];
      return true;
    } catch {
      // A part of it may be there: that is no line.
      ftruncateSync(this.#fd, this.#size);
      return false;
    }
  }

  /** Puts what was written on the medium. */
  sync(): void {
    fdatasyncSync(this.#fd);
  }

  #rotate(now: number): void {
    this.sync();
    closeSync(this.#fd);
    const next = join(this.#folder, nameOf(this.#head.n + 1));
    [this.#fd, this.#size] = openAtEnd(next);
    syncFolder(this.#folder);
    this.#files.push(next);
    const gone = this.#files.splice(0, Math.max(this.#files.length - this.#bounds.files, 0));
    if (gone.length === 0) return;
    for (const file of gone) rmSync(file, { force: true });
    const oldest = this.#files[0] ?? next;
    const through = Number(oldest.slice(-"000000000000.jsonl".length, -".jsonl".length)) - 1;
    const target = trimmedTarget(through);
    this.#seal({ actor: { kind: "runner" }, act: "trimmed", target, outcome: "done" }, now);
    this.#write();
  }

  close(): void {
    this.#write();
    try {
      this.sync();
    } finally {
      closeSync(this.#fd);
    }
  }
}

/** Opens a file to append to it, less what a crash left after its last whole line; its size. */
function openAtEnd(file: string): [fd: number, size: number] {
  const fd = openSync(file, "a", 0o600);
  const { size } = fstatSync(fd);
  if (size === 0) return [fd, 0];
  const whole = readFileSync(file).lastIndexOf("\n") + 1;
  if (whole < size) ftruncateSync(fd, whole);
  return [fd, whole];
}
