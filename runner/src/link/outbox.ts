// What was sent on this connection and is not acknowledged, and where each spool is read next. Batches leave at once
// while few are on their way; after that they are clocked by acknowledgements, so that they grow under load.

import type { SpoolId } from "@longwire/shared/ids.ts";
import { FrameMemory } from "./frame-memory.ts";
import { adjustWindow, firstWindow, type Window } from "./window.ts";

/** Where a spool is read next. */
export interface ReadPosition {
  readonly next: number;
  /** CRC-32 of the record before it; null where it is to be looked up. */
  readonly check: number | null;
}

/** A batch to be sent. */
export interface BatchFrame {
  readonly frame: Uint8Array<ArrayBuffer>;
  /** Where each spool in the batch goes on after it. */
  readonly positions: ReadonlyMap<SpoolId, ReadPosition>;
  /** Spools that had news it has no room for. */
  readonly behind: readonly SpoolId[];
}

interface InFlight {
  readonly batch: number;
  readonly frame: Uint8Array<ArrayBuffer>;
  readonly sentAt: number;
  /** What was acknowledged on this connection when it left. */
  readonly acknowledgedBefore: number;
  /** Whether it was the last that was allowed to leave then. */
  wasFull: boolean;
}

/** Large batches on their way at one time: more only make them smaller, and each costs the object a turn. */
const maxLarge = 2;
/** A batch up to this is small. So many may be on their way beside the large ones: no line waits for another, or for a flood. */
export const smallBytes = 4 * 1024;
const maxSmall = 8;

export class Outbox {
  /** What the control plane wants next, as it said last. */
  readonly #stored = new Map<SpoolId, number>();
  readonly #positions = new Map<SpoolId, ReadPosition>();
  /** Those that had more than the batch before held. */
  readonly #behind = new Set<SpoolId>();
  #inFlight: InFlight[] = [];
  #lastBatch = 0;
  /** Refusals of batches before this one speak of positions that were corrected since. */
  #firstSinceRewind = 1;
  readonly #maxWindowBytes: number;
  #window: Window = firstWindow;
  /** For the next batches. What was sent and is not acknowledged may still wait in a socket. */
  readonly memory = new FrameMemory();
  #acknowledged = 0;

  /** `positions`: the next record the control plane wants of each spool it was told of. */
  constructor(positions: Readonly<Record<SpoolId, number>>, maxWindowBytes: number) {
    this.#maxWindowBytes = maxWindowBytes;
    this.#noteStored(positions);
  }

  /** What is stored is not read again. */
  #noteStored(positions: Readonly<Record<SpoolId, number>>): void {
    for (const [spool, next] of Object.entries(positions) as [SpoolId, number][]) {
      this.#stored.set(spool, next);
      if (this.positionOf(spool).next < next) this.#positions.set(spool, { next, check: null });
    }
  }

  /** Where `spool` goes on; one the control plane never heard of begins at record 1. */
  positionOf(spool: SpoolId): ReadPosition {
    return this.#positions.get(spool) ?? { next: 1, check: 0 };
  }

  get inFlightBytes(): number {
    return this.#inFlight.reduce((sum, one) => sum + one.frame.byteLength, 0);
  }

  /** Whether one more batch may leave now, as large as there is room. */
  get hasRoom(): boolean {
    return this.#inFlight.length - this.#small < maxLarge && this.hasRoomForSmall && this.roomBytes > 0;
  }

  /** Whether at least a small batch may, with what came of spools that keep up. */
  get hasRoomForSmall(): boolean {
    return this.#small < maxSmall;
  }

  get #small(): number {
    return this.#inFlight.filter(({ frame }) => frame.byteLength <= smallBytes).length;
  }

  /** Whether the batches so far left nothing of `spool` behind. */
  keepsUp(spool: SpoolId): boolean {
    return !this.#behind.has(spool);
  }

  /** What one more batch may hold: a part of the window, so that it is filled by several that follow one another. */
  get roomBytes(): number {
    const window = Math.min(this.#window.bytes, this.#maxWindowBytes);
    return Math.min(window - this.inFlightBytes, Math.ceil(window / maxLarge));
  }

  /** The number the next batch gets. */
  get nextBatch(): number {
    return this.#lastBatch + 1;
  }

  /** Times are milliseconds of a monotonic clock. */
  noteSent({ frame, positions, behind }: BatchFrame, now: number): void {
    this.#lastBatch++;
    for (const spool of positions.keys()) this.#behind.delete(spool);
    for (const spool of behind) this.#behind.add(spool);
    const sent = { batch: this.#lastBatch, frame, sentAt: now, acknowledgedBefore: this.#acknowledged, wasFull: false };
    this.#inFlight.push(sent);
    sent.wasFull = !this.hasRoom;
    for (const [spool, position] of positions) this.#positions.set(spool, position);
  }

  /** Every batch up to `batch` is stored, and its spools up to `positions`. */
  noteAck(batch: number, positions: Readonly<Record<SpoolId, number>>, now: number): void {
    this.#noteStored(positions);
    const stored = this.#inFlight.filter((one) => one.batch <= batch);
    this.#inFlight = this.#inFlight.filter((one) => one.batch > batch);
    for (const { frame, sentAt, acknowledgedBefore, wasFull } of stored) {
      this.#acknowledged += frame.byteLength;
      this.memory.giveBack(frame);
      const sample = { bytes: this.#acknowledged - acknowledgedBefore, tookMs: now - sentAt, wasFull };
      this.#window = adjustWindow(this.#window, sample);
    }
  }

  /**
   * `batch` was refused, its spools stand at `positions`, and those behind it may be refused as well: all that is on its way
   * is read again. False where that is known already.
   */
  rewind(batch: number, positions: Readonly<Record<SpoolId, number>>): boolean {
    if (batch < this.#firstSinceRewind) return false;
    this.#positions.clear();
    this.#behind.clear();
    this.#noteStored({ ...Object.fromEntries(this.#stored), ...positions });
    this.#inFlight = [];
    this.#firstSinceRewind = this.#lastBatch + 1;
    return true;
  }

  forget(spool: SpoolId): void {
    this.#stored.delete(spool);
    this.#positions.delete(spool);
    this.#behind.delete(spool);
  }
}
