// One text for one value: JSON with the keys of every object in the order of their characters, without what is
// undefined. What is hashed is that text in UTF-8, so both ends, and whoever checks them, come to the same bytes.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";

/** The text of a value that JSON can hold. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value) ?? "null";
  const known = Object.entries(value).filter(([, one]) => one !== undefined);
  const pairs = known.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${pairs.map(([key, one]) => `${JSON.stringify(key)}:${canonicalText(one)}`).join(",")}}`;
}

/**
 * SHA-256 of a value's canonical text, as hexadecimal. Synchronous, which the platform's own is not: an object decides
 * and writes in one turn. About 10 µs for an entry.
 */
export function digestOf(value: unknown): string {
  return bytesToHex(sha256(utf8ToBytes(canonicalText(value))));
}

/** How many bytes a text has in UTF-8. */
export function utf8Length(text: string): number {
  return utf8ToBytes(text).length;
}
