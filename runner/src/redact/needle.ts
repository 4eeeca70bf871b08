// One thing that is masked, ready to be looked for: how it is recognised, and by which four bytes it is found.

import { Automaton } from "./automaton.ts";
import { parseBytePattern } from "./byte-pattern.ts";
import { LazyMatcher } from "./lazy-matcher.ts";
import { type Matcher, matchValue } from "./matcher.ts";
import type { SecretShape } from "./secret-shapes.ts";

/** Bytes by which a needle is found. */
export const windowBytes = 4;
/** How far from a needle's first byte its window may lie. */
export const maxWindowOffset = 8;
/** Of what may become a secret no more than its first bytes are ever shown. */
export const shownBytes = 3;
const leastBrokenOff = 8;

export interface Needle {
  readonly matcher: Matcher;
  /** The four bytes it is found by, and how far from its first byte they lie. */
  readonly windows: readonly Window[];
  /** Which bytes it may begin with. */
  readonly first: readonly number[];
  /** What comes before the secret and is not masked. */
  readonly before: Matcher | null;
  /** How much of it, where a stream ends in the middle, is masked all the same. */
  readonly brokenOff: number;
  /** How many bytes of a match follow the secret and are not masked. */
  readonly after: number;
}

/** What each of four places may hold. */
export interface Window {
  readonly offset: number;
  readonly places: readonly (readonly number[])[];
}

/** `value` has at least {@link windowBytes} bytes. */
export function needleOfValue(value: Uint8Array): Needle {
  const places = Array.from(value.subarray(0, windowBytes), (byte) => [byte]);
  const brokenOff = Math.max(leastBrokenOff, Math.ceil(value.length / 2));
  const windows = [{ offset: 0, places }];
  return { matcher: matchValue(value), windows, first: places[0] ?? [], before: null, brokenOff, after: 0 };
}

/** Its patterns are read when output first begins as they do. */
export function needleOfShape({ begins, before, secret, after }: SecretShape): Needle {
  const windows = begins.map((begin) => chooseWindow(Array.from(Buffer.from(begin), (byte) => [byte])));
  return {
    matcher: new LazyMatcher(`${before ?? ""}(?:${secret})${after ?? ""}`),
    windows,
    first: [...new Set(begins.map((begin) => begin.charCodeAt(0)))],
    before: before === undefined ? null : new LazyMatcher(before),
    brokenOff: Infinity,
    after: after === undefined ? 0 : 1,
  };
}

/** A pattern of the owner's. Throws `PatternFault` where it is none; every match has at least {@link windowBytes} bytes. */
export function needleOfPattern(pattern: string): Needle {
  const matcher = new Automaton(parseBytePattern(pattern));
  const heads = matcher.heads(maxWindowOffset + windowBytes);
  const windows = [chooseWindow(heads)];
  return { matcher, windows, first: heads[0] ?? [], before: null, brokenOff: Infinity, after: 0 };
}

/** The place whose four bytes are the rarest in ordinary output. */
function chooseWindow(heads: readonly (readonly number[])[]): Window {
  const weights = heads.map((bytes) => bytes.reduce((sum, byte) => sum + weigh(byte), 0));
  let offset = 0;
  let least = Infinity;
  for (let at = 0; at + windowBytes <= heads.length && at <= maxWindowOffset; at++) {
    const weight = weights.slice(at, at + windowBytes).reduce((product, one) => product * one, 1);
    if (weight < least) [offset, least] = [at, weight];
  }
  return { offset, places: heads.slice(offset, offset + windowBytes) };
}

/** Roughly how often a byte stands in output. */
function weigh(byte: number): number {
  if (byte === 32) return 10;
  if (byte >= 97 && byte <= 122) return 3;
  if (byte >= 48 && byte <= 57) return 2;
  if (byte === 45 || byte === 46 || byte === 47) return 3;
  return byte > 32 && byte < 127 ? 0.7 : 0.3;
}
