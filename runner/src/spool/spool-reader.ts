// Reads a spool that another process (or this one) appends to. How far it may read is always told: by the writer's
// hints while one lives, by a look at the files otherwise; so a record that is being written is never looked at.
// Memory is bounded by one window of the file and the offered records.

import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { openGap } from "./gap-record.ts";
import { OfferedRecords } from "./offered-records.ts";
import type { ReadableSpool } from "./readable-spool.ts";
import { decodeRecord, inspectRecord, recordPrefixBytes, type SpoolRecord } from "./record.ts";
import { findRecord, findSpoolEnd, readSegmentHead } from "./segment-scan.ts";
import { freeableSegments, listSegments, removeSegments, segmentHeadBytes, segmentPath } from "./segments.ts";

/** One `pread`. Holds several records of the greatest length. */
const windowBytes = 512 * 1024;

/** After so many records the folder is looked at again for segments that may go. */
const listEvery = 64;

/** The place of the next record that is read in order. */
interface Cursor {
  number: number;
  readonly segment: number;
  position: number;
}

/** What one reading may give. */
interface Bounds {
  readonly maxBytes: number;
  readonly maxRecords: number;
  /** The first record is given though it is over `maxBytes`, up to this. */
  readonly maxFirstBytes: number;
}

/** Bytes of a segment's file, from `start` on. */
interface Window {
  readonly segment: number;
  readonly fd: number;
  readonly buffer: Buffer;
  start: number;
  length: number;
}

export class SpoolReader implements ReadableSpool {
  readonly folder: string;
  readonly #offered = new OfferedRecords();
  /** Those there were when the spool had `#listedNext`: whoever writes begins new ones without a word. */
  #segments: readonly number[] = [];
  #listedNext = 1;
  #next = 1;
  #damaged = false;
  readonly #onDamaged: () => void;
  #cursor: Cursor | null = null;
  #window: Window | null = null;
  /** Used by one window after the other; not there before the first read from disk. */
  #buffer: Buffer | null = null;

  /**
   * Reads what is on disk now, and from then on what {@link announce} and {@link offer} tell of.
   * `onDamaged`: called when {@link damaged} begins to hold or holds for an earlier record than before, in the middle of what
   * found it out.
   */
  constructor(folder: string, onDamaged: () => void = () => {}) {
    this.folder = folder;
    this.#onDamaged = onDamaged;
    this.#next = findSpoolEnd(folder).next;
    this.#list();
  }

  /** Takes note that nobody writes any more; what a crash left unfinished at the end is damage. */
  seal(): void {
    const end = findSpoolEnd(this.folder);
    if (this.#damaged) this.#next = Math.min(end.next, this.#next);
    else if (end.isWhole && end.next >= this.#next) this.#next = end.next;
    else this.#stopAt(end.next);
  }

  get first(): number {
    return this.#segments[0] ?? 1;
  }

  get next(): number {
    return this.#next;
  }

  /** Whether bytes that were announced turned out to be no records; reading ends there. */
  get damaged(): boolean {
    return this.#damaged;
  }

  /** Records below `next` are on disk. */
  announce(next: number): void {
    if (next > this.#next && !this.#damaged) this.#next = next;
    if (this.#segments.length === 0) this.#list();
  }

  /** Record `number` is on disk, and these are its bytes there. */
  offer(number: number, bytes: Uint8Array): void {
    this.announce(number + 1);
    this.#offered.offer(number, bytes);
  }

  read(from: number, maxBytes: number, maxRecords: number, maxFirstBytes = Infinity): readonly SpoolRecord[] {
    if (from < this.first || from >= this.#next || maxRecords < 1) return [];
    const bounds: Bounds = { maxBytes, maxRecords, maxFirstBytes };
    const records = this.#readOffered(from, bounds);
    return records.length > 0 ? records : this.#readFile(from, bounds);
  }

  checkOf(number: number): number | null {
    if (number === 0) return 0;
    if (number >= this.#next) return null;
    this.#list();
    const head = this.#segments.includes(number + 1) ? readSegmentHead(this.folder, number + 1) : null;
    if (head !== null) return head;
    const segment = this.#segmentOf(number);
    const place = segment === null ? null : findRecord(this.folder, segment, number);
    return place !== null && place.number + place.span === number + 1 ? place.check : null;
  }

  /** Whether {@link trim}, here or by the writer, would free a file. */
  canTrim(below: number): boolean {
    if (this.#next - this.#listedNext >= listEvery) this.#list();
    return freeableSegments(this.#segments, below).length > 0;
  }

  /** Takes note that the writer removes whole segments below `below`. */
  forgetBelow(below: number): void {
    const gone = freeableSegments(this.#segments, below);
    this.#segments = this.#segments.slice(gone.length);
  }

  /** Removes whole segments below `below`. Only for a spool that nobody writes any more. */
  trim(below: number): void {
    removeSegments(this.folder, freeableSegments(this.#segments, below));
    this.forgetBelow(below);
  }

  close(): void {
    this.#dropWindow();
    this.#buffer = null;
    this.#cursor = null;
    this.#offered.clear(this.#next);
  }

  #readOffered(from: number, bounds: Bounds): SpoolRecord[] {
    const records: SpoolRecord[] = [];
    let bytes = 0;
    while (records.length < bounds.maxRecords) {
      const number = from + records.length;
      const record = this.#offered.take(number);
      if (record === null) break;
      bytes += record.byteLength;
      if (bytes > (records.length === 0 ? bounds.maxFirstBytes : bounds.maxBytes)) break;
      records.push(decodeRecord(record, 0, record.byteLength, number));
      if (this.#cursor?.number === number) this.#advance(this.#cursor, 1, record.byteLength);
      else this.#cursor = null;
    }
    return records;
  }

  #readFile(from: number, bounds: Bounds): SpoolRecord[] {
    // A window may hold bytes of a record from before it was whole on disk: read once more before that is called damage.
    return this.#readAt(this.#place(from), bounds) ?? this.#readAt(this.#locate(from), bounds) ?? this.#stopAt(from);
  }

  /** The records from `cursor` on; null where no sound one begins there. */
  #readAt(cursor: Cursor | null, bounds: Bounds): SpoolRecord[] | null {
    const window = cursor === null ? null : this.#fill(cursor);
    if (cursor === null || window === null) return null;
    const records: SpoolRecord[] = [];
    const held = window.buffer.subarray(0, window.length);
    const startedAt = cursor.position;
    while (records.length < bounds.maxRecords && cursor.number < this.#next) {
      const at = cursor.position - window.start;
      const seen = inspectRecord(held, at);
      if (seen.type !== "record") return records.length === 0 ? null : records;
      const bytes = cursor.position + seen.length - startedAt;
      if (bytes > (records.length === 0 ? bounds.maxFirstBytes : bounds.maxBytes)) break;
      const record = openGap(decodeRecord(held, at, seen.length, cursor.number), cursor.segment);
      records.push(record);
      this.#advance(cursor, record.span, seen.length);
    }
    return records;
  }

  #advance(cursor: Cursor, span: number, length: number): void {
    cursor.number += span;
    cursor.position += length;
  }

  /** The cursor at record `from`: where reading stands already, else looked for from its segment's start. */
  #place(from: number): Cursor | null {
    const cursor = this.#cursor;
    if (cursor !== null && cursor.number === from && this.#fill(cursor) !== null) return cursor;
    // A file that was listed may have made room before it was opened.
    return this.#locate(from) ?? this.#locate(from);
  }

  #locate(from: number): Cursor | null {
    // The file that is open may have made room for another of its name.
    this.#dropWindow();
    this.#list();
    const segment = this.#segmentOf(from);
    if (segment === null) return null;
    const position = segment === from ? segmentHeadBytes : findRecord(this.folder, segment, from)?.position;
    if (position === undefined) return null;
    const cursor: Cursor = { number: from, segment, position };
    if (this.#fill(cursor) === null) return null;
    return (this.#cursor = cursor);
  }

  /** A window that holds the cursor's record whole; null where its file ends before that. */
  #fill(cursor: Cursor): Window | null {
    let window = this.#window;
    if (window !== null && window.segment === cursor.segment && this.#holds(window, cursor.position)) return window;
    if (window?.segment !== cursor.segment) {
      this.#dropWindow();
      const fd = openSegment(this.folder, cursor.segment);
      if (fd === null) return null;
      this.#buffer ??= Buffer.allocUnsafeSlow(windowBytes);
      window = { segment: cursor.segment, fd, buffer: this.#buffer, start: 0, length: 0 };
      this.#window = window;
    }
    if (cursor.position >= fstatSync(window.fd).size) return null;
    window.start = cursor.position;
    window.length = readSync(window.fd, window.buffer, 0, windowBytes, cursor.position);
    return this.#holds(window, cursor.position) ? window : null;
  }

  /** Whether the whole record at `position` is in the window. Its bytes are checked when it is taken, not here. */
  #holds(window: Window, position: number): boolean {
    const at = position - window.start;
    if (at < 0 || at + recordPrefixBytes > window.length) return false;
    return at + recordPrefixBytes + window.buffer.readUInt32LE(at) <= window.length;
  }

  #list(): void {
    this.#segments = listSegments(this.folder);
    this.#listedNext = this.#next;
  }

  #segmentOf(number: number): number | null {
    return this.#segments.findLast((first) => first <= number) ?? null;
  }

  /** What was announced is not there: the spool ends here for this reader. */
  #stopAt(number: number): SpoolRecord[] {
    const isNew = !this.#damaged || number < this.#next;
    this.#damaged = true;
    this.#next = number;
    if (isNew) this.#onDamaged();
    return [];
  }

  #dropWindow(): void {
    if (this.#window !== null) closeSync(this.#window.fd);
    this.#window = null;
  }
}

function openSegment(folder: string, first: number): number | null {
  try {
    return openSync(segmentPath(folder, first), "r");
  } catch {
    return null;
  }
}
