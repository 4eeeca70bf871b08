// The one source of chance in a run.

import { seeded } from "../../support/random.ts";

let source = seeded(0);

export function reseed(seed: number): void {
  source = seeded(seed);
}

/** In [0, 1). */
export const random = (): number => source();

/** A number of milliseconds, or of anything, from `low` up to `high`. */
export const between = (low: number, high: number): number => low + source() * (high - low);

/** A whole number from `low` to `high`. */
export const whole = (low: number, high: number): number => low + Math.floor(source() * (high - low + 1));

export const chance = (probability: number): boolean => source() < probability;

export function pick<T>(items: readonly T[]): T | undefined {
  return items[Math.floor(source() * items.length)];
}

/** Bytes, half of them text. */
export function randomPiece(size: number): Buffer {
  const bytes = Buffer.alloc(size);
  const isText = chance(0.6);
  for (let at = 0; at < size; at++) bytes[at] = isText ? 32 + Math.floor(source() * 95) : Math.floor(source() * 256);
  return bytes;
}

export function hex(bytes: number): string {
  return Array.from({ length: bytes }, () => whole(0, 255).toString(16).padStart(2, "0")).join("");
}
