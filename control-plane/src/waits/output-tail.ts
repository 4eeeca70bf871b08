// The last characters of output, kept while more comes; what lies before them is only counted.

import { maxWaitOutputChars } from "@longwire/shared/limits.ts";
import { join } from "@longwire/shared/line-search.ts";
import { decodeText } from "./decode-text.ts";

export interface OutputTail {
  /** The last bytes, with all that a full text can need. */
  readonly bytes: Uint8Array;
  /** Bytes in all, those that are gone as well. */
  readonly total: number;
}

/** The longest character of UTF-8. */
const maxCharacterBytes = 4;
const keptBytes = maxWaitOutputChars * maxCharacterBytes;

export const emptyTail: OutputTail = { bytes: new Uint8Array(0), total: 0 };

export function addOutput(tail: OutputTail, bytes: Uint8Array): OutputTail {
  const all = join(tail.bytes, bytes.subarray(-keptBytes));
  return { bytes: all.slice(-keptBytes), total: tail.total + bytes.length };
}

/** Begins anew behind bytes that are gone, so that what is shown has no hole. */
export function skipOutput(tail: OutputTail, bytes: number): OutputTail {
  return { ...emptyTail, total: tail.total + bytes };
}

/** The last `maxWaitOutputChars` characters as text, invalid bytes as U+FFFD, and how many bytes lie before. */
export function readTail(tail: OutputTail): { readonly output: string; readonly omitted_bytes: number } {
  const { bytes, total } = tail;
  let from = bytes.length;
  for (let count = 0; count < maxWaitOutputChars && from > 0; count++) from = characterStart(bytes, from);
  const output = decodeText(bytes.subarray(from));
  return { output, omitted_bytes: total - (bytes.length - from) };
}

/** Where the character that ends before `end` begins; a byte that belongs to none counts as one. */
function characterStart(bytes: Uint8Array, end: number): number {
  for (let length = 1; length <= maxCharacterBytes && length <= end; length++) {
    const byte = bytes[end - length] ?? 0;
    if ((byte & 0xc0) === 0x80) continue;
    return sequenceLength(byte) === length ? end - length : end - 1;
  }
  return end - 1;
}

/** How long a sequence is that begins with `byte`. */
function sequenceLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : 4;
}
