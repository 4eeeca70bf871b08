// Finds where needles may begin in output. Four bytes of each are looked for at once (Wu and Manber's way): by the last
// two of the four that are looked at a table says how far the next place is that may be one, mostly three bytes on.

import { maxWindowOffset, type Needle, type Window, windowBytes } from "./needle.ts";

/** A window with more forms than this is not told from others; its needles are tried at every place it may be. */
const maxForms = 4096;
const noNeedles: readonly Needle[] = [];

interface Found {
  readonly needle: Needle;
  readonly offset: number;
}

export class NeedleIndex {
  /** How many last bytes of what there is must be looked at one by one: their windows are not all there yet. */
  readonly tailBytes = maxWindowOffset + windowBytes - 1;
  readonly isEmpty: boolean;
  /** By two bytes: how far to go on when they stand at a window's end. */
  readonly #shift = new Uint8Array(65_536).fill(windowBytes - 1);
  /** By a hash of four bytes: whether they may be a window. */
  readonly #may = new Uint8Array(65_536);
  readonly #byWindow = new Map<number, Found[]>();
  readonly #wide: Found[] = [];
  readonly #byFirst: Needle[][] = Array.from({ length: 256 }, () => []);

  constructor(needles: readonly Needle[]) {
    this.isEmpty = needles.length === 0;
    for (const needle of needles) {
      for (const byte of needle.first) this.#byFirst[byte]?.push(needle);
      for (const { offset, places } of needle.windows) {
        this.#shorten(places);
        this.#enter({ needle, offset }, places);
      }
    }
  }

  /** The needles that may begin with `byte`. */
  beginningWith(byte: number): readonly Needle[] {
    return this.#byFirst[byte] ?? noNeedles;
  }

  /** Calls `found` with every needle whose window stands in `bytes`, and where the needle begins; it may be before 0. */
  scan(bytes: Uint8Array, found: (needle: Needle, at: number) => void): void {
    const shift = this.#shift;
    const may = this.#may;
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const end = bytes.length - 1;
    for (let at = 2; at < end;) {
      const step = shift[view.getUint16(at)] as number;
      if (step !== 0) {
        at += step;
        continue;
      }
      const window = view.getUint32(at - 2);
      if (may[hash(window)] !== 0) this.#tell(window, at - 2, found);
      at++;
    }
  }

  #tell(key: number, at: number, found: (needle: Needle, at: number) => void): void {
    for (const { needle, offset } of this.#byWindow.get(key) ?? []) found(needle, at - offset);
    for (const { needle, offset } of this.#wide) found(needle, at - offset);
  }

  #shorten(window: Window["places"]): void {
    for (let at = 0; at + 1 < window.length; at++) {
      const step = window.length - 2 - at;
      for (const first of window[at] ?? []) {
        for (const second of window[at + 1] ?? []) {
          const pair = (first << 8) | second;
          if ((this.#shift[pair] as number) > step) this.#shift[pair] = step;
        }
      }
    }
  }

  #enter(found: Found, window: Window["places"]): void {
    if (window.reduce((product, { length }) => product * length, 1) > maxForms) {
      this.#wide.push(found);
      this.#may.fill(1);
      return;
    }
    const [firsts = [], seconds = [], thirds = [], fourths = []] = window;
    for (const first of firsts)
      for (const second of seconds)
        for (const third of thirds)
          for (const fourth of fourths) {
            const key = toKey(first, second, third, fourth);
            this.#may[hash(key)] = 1;
            const there = this.#byWindow.get(key);
            if (there === undefined) this.#byWindow.set(key, [found]);
            else there.push(found);
          }
  }
}

function hash(window: number): number {
  return ((window >>> 16) * 31 + window) & 0xffff;
}

function toKey(first: number, second: number, third: number, fourth: number): number {
  return ((first << 24) | (second << 16) | (third << 8) | fourth) >>> 0;
}
