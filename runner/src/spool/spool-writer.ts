// Appends records to a spool. Writes are synchronous and land in the page cache, which survives every end of a
// process; nothing is synced to the medium, so a power cut may cost the newest records.
// A disk that takes nothing is an answer, not an error: the record is not stored, and the same append may be tried later.

import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writevSync } from "node:fs";
import { dropOutput } from "./overflow.ts";
import { encodeRecord } from "./record.ts";
import { encodeSegmentHead, freeableSegments, removeSegments, segmentHeadBytes, segmentPath } from "./segments.ts";

/** A record that was stored, with its bytes as they are on disk. */
export interface Appended {
  readonly number: number;
  readonly length: number;
  readonly check: number;
  readonly pieces: readonly [Buffer, Uint8Array];
}

interface Segment {
  readonly first: number;
  bytes: number;
  /** What is left where output went, see `overflow.ts`. */
  readonly sparse?: "gap" | "kept";
}

export class SpoolWriter {
  readonly folder: string;
  readonly #segmentBytes: number;
  /** Ascending; the last one is open and written to. */
  readonly #segments: Segment[] = [];
  #fd: number | null = null;
  #next = 1;
  #lastCheck = 0;
  #heldBytes = 0;

  /** Begins a new spool in `folder`, which is made where it is missing (0700). */
  constructor(folder: string, segmentBytes: number) {
    this.folder = folder;
    this.#segmentBytes = segmentBytes;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }

  /** One past the last record. */
  get next(): number {
    return this.#next;
  }

  /** The lowest record still on disk. */
  get first(): number {
    return this.#segments[0]?.first ?? 1;
  }

  /** Bytes on disk. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Stores one record. Null: the disk took it not or not whole, and nothing of it was kept. */
  append(header: string, payload: Uint8Array): Appended | null {
    const record = encodeRecord(header, payload);
    const segment = this.#openSegment();
    if (segment === null || !this.#write(segment.bytes, record.pieces)) return null;
    segment.bytes += record.length;
    this.#heldBytes += record.length;
    this.#lastCheck = record.check;
    return { number: this.#next++, length: record.length, check: record.check, pieces: record.pieces };
  }

  /** Removes sealed segments whose records are all below `below`. */
  trim(below: number): void {
    const free = freeableSegments(
      this.#segments.map((segment) => segment.first),
      below,
    );
    if (free.length === 0) return;
    removeSegments(this.folder, free);
    for (const segment of this.#segments.splice(0, free.length)) this.#heldBytes -= segment.bytes;
  }

  /**
   * Lets the oldest output go until at most `maxBytes` are held, and puts gaps in its place. What may be on its way stays: the
   * first segment, in which the control plane stands, and `pinnedBytes` behind it. So does the segment that is written.
   */
  overflow(maxBytes: number, pinnedBytes: number): void {
    let at = 1;
    for (let pinned = 0; pinned < pinnedBytes; at++) pinned += this.#segments[at]?.bytes ?? Infinity;
    for (; this.#heldBytes > maxBytes && at < this.#segments.length - 1; at++) {
      if (this.#segments[at]?.sparse !== undefined) continue;
      // A gap right before it grows.
      const from = this.#segments[at - 1]?.sparse === "gap" ? at - 1 : at;
      const gone = this.#segments.slice(from, at + 1);
      const left = dropOutput(
        this.folder,
        gone.map(({ first }) => first),
      );
      if (left === null) return;
      const segments = left.map(({ first, bytes, isGap }): Segment => ({
        first,
        bytes,
        sparse: isGap ? "gap" : "kept",
      }));
      this.#segments.splice(from, gone.length, ...segments);
      for (const { bytes } of gone) this.#heldBytes -= bytes;
      for (const { bytes } of segments) this.#heldBytes += bytes;
      at = from + segments.length - 1;
    }
  }

  close(): void {
    if (this.#fd !== null) closeSync(this.#fd);
    this.#fd = null;
  }

  /** The segment the next record goes to; a new one where the last is full. */
  #openSegment(): Segment | null {
    const last = this.#segments.at(-1);
    if (last !== undefined && this.#fd !== null && last.bytes < this.#segmentBytes) return last;
    const path = segmentPath(this.folder, this.#next);
    const before = this.#fd;
    try {
      this.#fd = openSync(path, "w", 0o600);
    } catch {
      return null;
    }
    if (!this.#write(0, [encodeSegmentHead(this.#lastCheck)])) {
      closeSync(this.#fd);
      rmSync(path, { force: true });
      this.#fd = before;
      return null;
    }
    if (before !== null) closeSync(before);
    const segment = { first: this.#next, bytes: segmentHeadBytes };
    this.#segments.push(segment);
    this.#heldBytes += segmentHeadBytes;
    return segment;
  }

  /** Writes all of `pieces` at `position` of the open file, or leaves the file as long as it was. */
  #write(position: number, pieces: readonly Uint8Array[]): boolean {
    const fd = this.#fd;
    if (fd === null) return false;
    const size = pieces.reduce((sum, piece) => sum + piece.byteLength, 0);
    try {
      if (writevSync(fd, pieces, position) === size) return true;
    } catch {
      // No space, no quota, a medium in trouble: all the same to the caller, who tries again.
    }
    try {
      ftruncateSync(fd, position);
    } catch {
      // What is left behind is overwritten by the next append, and has no valid CRC-32 until then.
    }
    return false;
  }
}
