// Masks secrets in one stream, in whatever pieces it comes. Held back is only what may be a secret's beginning:
//
//   … plain │ may begin a secret (held) │ ──more bytes──► it is one: masked from its first byte on
//                                                     └─► it is none: goes out as it came
//
// What is known to be a secret and goes on, as a key's lines do, is masked as it comes and not held. Secrets that touch
// or overlap are one mask. So the output is the same however the stream was cut into pieces.

import { type Needle, shownBytes } from "./needle.ts";
import type { NeedleIndex } from "./needle-index.ts";

/** What stands where a secret stood. */
export const mask: Buffer = Buffer.from("[redacted]");
const nothing: Buffer = Buffer.alloc(0);
const joinedSpareBytes = 2048;

interface Range {
  readonly from: number;
  readonly to: number;
}

/** A needle that matches up to the end of what there is, and may go on. Places are in the bytes at hand. */
interface Beginning {
  readonly needle: Needle;
  readonly at: number;
  readonly state: number;
  /** Where what is known to be secret begins and ends so far; null where nothing is known. */
  readonly known: Range | null;
}

export class Redactor {
  readonly #index: NeedleIndex;
  #joined: Buffer = nothing;
  /** What may begin a secret. */
  #held: Buffer = nothing;
  /** What of the held bytes is masked in any case. */
  #covered: readonly Range[] = [];
  /** How many of the held bytes went out already. */
  #shown = 0;
  /** Needles that were known to match before the held bytes, and match on through all of them. */
  #running: Beginning[] = [];
  /** Whether the last that went out is a mask. */
  #endsMasked = false;

  constructor(index: NeedleIndex) {
    this.#index = index;
  }

  /** Whether bytes wait for what comes after them. */
  get holds(): boolean {
    return this.#held.byteLength > this.#shown;
  }

  /** What can go out now that `chunk` came. It holds until the next call, and as long as `chunk` does. */
  feed(chunk: Buffer): Buffer {
    const old = this.#held.byteLength;
    const bytes = old === 0 ? chunk : this.#join(chunk);
    const masked = [...this.#covered];
    const beginnings: Beginning[] = [];
    for (const one of this.#running) this.#match(bytes, one, old, masked, beginnings);
    this.#find(bytes, masked, beginnings);

    let hold = bytes.byteLength;
    for (const { at, known } of beginnings) hold = Math.min(hold, known === null ? at : Math.max(known.to, at));
    const merged = merge(masked);
    const out = this.#emit(bytes, hold, merged);
    this.#shown = Math.max(0, this.#shown - hold);
    this.#covered = merged.filter(({ to }) => to > hold).map((range) => shiftRange(range, hold));
    // One that begins in what is held is found again.
    this.#running = beginnings.filter(({ at }) => at < hold).map((one) => shiftBack(one, hold));
    this.#held = hold === bytes.byteLength ? nothing : Buffer.from(bytes.subarray(hold));
    return out;
  }

  /** What of the held bytes may be seen though a secret may come of them, for a stream that is silent. */
  release(): Buffer {
    const beginnings = [...this.#running];
    const masked = [...this.#covered];
    this.#find(this.#held, masked, beginnings);
    let limit = this.#held.byteLength;
    for (const one of beginnings) limit = Math.min(limit, one.at + this.#openBytes(one));
    for (const { from } of masked) limit = Math.min(limit, from);
    if (limit <= this.#shown) return nothing;
    const out = this.#held.subarray(this.#shown, limit);
    this.#shown = limit;
    this.#endsMasked = false;
    return out;
  }

  /** The rest, at the stream's end. */
  end(): Buffer {
    const bytes = this.#held;
    const masked = [...this.#covered];
    const beginnings: Beginning[] = [];
    this.#find(bytes, masked, beginnings);
    for (const { needle, at, known } of beginnings) {
      if (known === null && bytes.byteLength - at >= needle.brokenOff) masked.push({ from: at, to: bytes.byteLength });
    }
    const out = this.#emit(bytes, bytes.byteLength, merge(masked));
    this.#held = nothing;
    this.#covered = [];
    this.#shown = 0;
    this.#running = [];
    return out;
  }

  /** What is held and `chunk`, in one buffer for all of a stream: a new one each time is most of the work in a flood. */
  #join(chunk: Buffer): Buffer {
    const old = this.#held.byteLength;
    const size = old + chunk.byteLength;
    if (this.#joined.byteLength < size) this.#joined = Buffer.allocUnsafeSlow(size + joinedSpareBytes);
    this.#joined.set(this.#held);
    this.#joined.set(chunk, old);
    return this.#joined.subarray(0, size);
  }

  /** Finds what is secret in `bytes`, and what may become so at their end. */
  #find(bytes: Buffer, masked: Range[], beginnings: Beginning[]): void {
    const tail = Math.max(0, bytes.byteLength - this.#index.tailBytes);
    const begin = (needle: Needle, at: number): void => {
      this.#match(bytes, { needle, at, state: needle.matcher.start, known: null }, at, masked, beginnings);
    };
    this.#index.scan(bytes, (needle, at) => {
      // Before the tail; one that began before these bytes is known by `running`.
      if (at >= 0 && at < tail) begin(needle, at);
    });
    for (let at = tail; at < bytes.byteLength; at++) {
      for (const needle of this.#index.beginningWith(bytes[at] ?? 0)) begin(needle, at);
    }
  }

  /** Goes on with `one` from `from`, where its state is as it was before that byte. */
  #match(bytes: Buffer, one: Beginning, from: number, masked: Range[], beginnings: Beginning[]): void {
    const { needle, at } = one;
    const { matcher } = needle;
    let { state, known } = one;
    for (let place = from; place < bytes.byteLength; place++) {
      state = matcher.next(state, bytes[place] ?? 0);
      if (state < 0) break;
      if (!matcher.accepts(state)) continue;
      const to = place + 1 - needle.after;
      known = { from: known?.from ?? at + countBefore(needle, bytes, at), to };
    }
    if (known !== null) masked.push(known);
    if (state >= 0) beginnings.push({ needle, at, state, known });
  }

  /** How many bytes of what began are no part of the secret, or too few of it to tell. */
  #openBytes({ needle, at, known }: Beginning): number {
    if (known !== null) return 0;
    return needle.before === null ? shownBytes : countBefore(needle, this.#held, at);
  }

  /** `bytes` up to `end` with its masks, which are in order, less what went out already. */
  #emit(bytes: Buffer, end: number, masked: readonly Range[]): Buffer {
    const pieces: Buffer[] = [];
    let place = Math.min(this.#shown, end);
    const copyTo = (to: number): void => {
      if (to <= place) return;
      pieces.push(bytes.subarray(place, to));
      place = to;
      this.#endsMasked = false;
    };
    for (const { from, to } of masked) {
      if (from >= end) break;
      if (to <= place) continue;
      copyTo(from);
      if (!this.#endsMasked) pieces.push(mask);
      this.#endsMasked = true;
      place = Math.min(to, end);
    }
    copyTo(end);
    const [first = nothing] = pieces;
    return pieces.length <= 1 ? first : Buffer.concat(pieces);
  }
}

/** The ranges in order, those that touch as one. */
function merge(ranges: readonly Range[]): readonly Range[] {
  if (ranges.length < 2) return ranges;
  const merged: Range[] = [];
  for (const range of ranges.toSorted((one, other) => one.from - other.from)) {
    const last = merged.at(-1);
    if (last === undefined || range.from > last.to) merged.push(range);
    else merged[merged.length - 1] = { from: last.from, to: Math.max(last.to, range.to) };
  }
  return merged;
}

function shiftRange({ from, to }: Range, by: number): Range {
  return { from: Math.max(from - by, 0), to: to - by };
}

function shiftBack({ needle, at, state, known }: Beginning, by: number): Beginning {
  return { needle, at: at - by, state, known: known === null ? null : shiftRange(known, by) };
}

/** How long what comes before the secret is, of the needle that begins at `at`. */
function countBefore({ before }: Needle, bytes: Buffer, at: number): number {
  if (before === null) return 0;
  let state = before.start;
  let count = 0;
  for (let place = at; place < bytes.byteLength; place++) {
    state = before.next(state, bytes[place] ?? 0);
    if (state < 0) return count;
    if (before.accepts(state)) count = place + 1 - at;
  }
  // All of it may still come before.
  return bytes.byteLength - at;
}
