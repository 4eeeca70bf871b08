// What a simulated disk is made of: files and folders that know what of them is on the medium.

import { chance, whole } from "./random.ts";

export class File {
  bytes = Buffer.alloc(0);
  size = 0;
  synced = Buffer.alloc(0);

  get content(): Buffer {
    return this.bytes.subarray(0, this.size);
  }

  write(piece: Uint8Array, at: number): void {
    const end = at + piece.byteLength;
    if (end > this.bytes.byteLength) {
      const grown = Buffer.alloc(Math.max(end, 2 * this.bytes.byteLength));
      this.content.copy(grown);
      this.bytes = grown;
    }
    if (at > this.size) this.bytes.fill(0, this.size, at);
    this.bytes.set(piece, at);
    this.size = Math.max(this.size, end);
  }

  truncate(size: number): void {
    this.size = Math.min(this.size, size);
  }
}

export class Folder {
  entries = new Map<string, File | Folder>();
  synced = new Map<string, File | Folder>();
}

/** Everything there is, is on the medium. */
export function settle(node: File | Folder): void {
  if (node instanceof File) node.synced = Buffer.from(node.content);
  else {
    node.synced = new Map(node.entries);
    for (const entry of node.entries.values()) settle(entry);
  }
}

/** What a power cut leaves. */
export function survive(node: File | Folder): File | Folder {
  if (node instanceof File) {
    const kept = new File();
    const isKept = chance(0.5);
    if (isKept) kept.write(node.content.subarray(0, chance(0.5) ? node.size : whole(0, node.size)), 0);
    if (kept.size < node.synced.byteLength || !isKept) {
      kept.truncate(0);
      kept.write(node.synced, 0);
    }
    kept.synced = Buffer.from(kept.content);
    return kept;
  }
  const kept = new Folder();
  for (const name of new Set([...node.synced.keys(), ...node.entries.keys()])) {
    const before = node.synced.get(name);
    const after = node.entries.get(name);
    const entry = before === after || chance(0.5) ? after : before;
    if (entry !== undefined) kept.entries.set(name, survive(entry));
  }
  kept.synced = new Map(kept.entries);
  return kept;
}
