// Bytes as they were printed, readable: what is no text, and what would steer one, is spelled out.

import { readRunOutput, type OutputRange } from "../output/read-run-output.ts";
import { showSafely } from "./text/show-safely.ts";

export interface ShownRaw {
  readonly output: string;
  readonly leftOut: string;
  readonly range: { readonly from: number; readonly to: number };
}

/** A character, or a byte of none, with what is shown of it. */
interface Piece {
  readonly text: string;
  readonly bytes: number;
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** As much of the range as has room: its end, or where a cursor was given its beginning. */
export async function showRaw(range: OutputRange, maxChars: number, fromEnd: boolean): Promise<ShownRaw> {
  const { from: first, to: last, run } = range;
  const from = fromEnd ? Math.max(first, last - maxChars) : first;
  const to = fromEnd ? last : Math.min(last, first + maxChars);
  const pieces: Piece[] = [];
  let lost = 0;
  for await (const part of readRunOutput({ ...range, from, to })) {
    if (part.type === "output") pieces.push(...split(part.bytes));
    else lost += (part.to ?? part.from) - part.from;
    if (part.type === "gap") pieces.push({ text: "[gap]", bytes: (part.to ?? part.from) - part.from });
  }
  const { text, bytes } = fit(fromEnd ? pieces.toReversed() : pieces, maxChars, fromEnd);
  const shown = fromEnd ? { from: to - bytes, to } : { from, to: from + bytes };
  const before = fromEnd && shown.from > first ? `what was printed before ${run}.${shown.from}` : "";
  const notes = [before, lost > 0 ? `${lost} bytes that are lost or of another stream` : ""].filter(
    (one) => one !== "",
  );
  return { output: text, leftOut: notes.length === 0 ? "" : `left out: ${notes.join("; ")}`, range: shown };
}

function fit(pieces: readonly Piece[], maxChars: number, reversed: boolean): { text: string; bytes: number } {
  const texts: string[] = [];
  let chars = 0;
  let bytes = 0;
  for (const piece of pieces) {
    // By itself a character is shown no shorter than among others.
    chars += showSafely(piece.text).length;
    if (chars > maxChars) break;
    texts.push(piece.text);
    bytes += piece.bytes;
  }
  const text = (reversed ? texts.toReversed() : texts).join("");
  return { text: showSafely(text), bytes };
}

function* split(bytes: Uint8Array): Generator<Piece> {
  for (let at = 0; at < bytes.length;) {
    const length = lengthAt(bytes, at);
    const text = length === 0 ? null : decode(bytes.subarray(at, at + length));
    yield text === null ? { text: spell(bytes[at] ?? 0), bytes: 1 } : { text, bytes: length };
    at += text === null ? 1 : length;
  }
}

function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

const spell = (byte: number): string => `\\x${byte.toString(16).padStart(2, "0")}`;

/** How long the sequence is that begins here; 0 where none does. */
function lengthAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] ?? 0;
  if (byte < 0x80) return 1;
  if (byte < 0xc2) return 0;
  if (byte < 0xe0) return 2;
  return byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;
}
