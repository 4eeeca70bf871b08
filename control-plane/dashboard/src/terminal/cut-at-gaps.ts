// Steps of a stretch that came as one piece: its bytes, with what is missing among them told as holes. Pure.

import type { DrawnStep } from "./loaded-output.ts";

export interface Gap {
  readonly from_offset: number;
  /** Null where the output ends with it. */
  readonly to_offset: number | null;
  readonly reason: string;
}

/** `bytes`: all that is there of the output from `from` to `to`. `gaps`: in order. When each was printed is not known. */
export function cutAtGaps(from: number, to: number, gaps: readonly Gap[], bytes: Uint8Array): DrawnStep[] {
  const steps: DrawnStep[] = [];
  let at = from;
  let rest = bytes;
  const take = (end: number): void => {
    const piece = rest.subarray(0, end - at);
    rest = rest.subarray(piece.byteLength);
    if (piece.byteLength > 0) steps.push({ type: "bytes", offset: at, bytes: piece, timestamp: "" });
  };
  for (const { from_offset: begin, to_offset: end, reason } of gaps) {
    if (begin >= to || (end !== null && end <= at)) continue;
    if (begin > at) take(begin);
    at = Math.max(at, begin);
    const until = Math.min(end ?? to, to);
    steps.push({ type: "hole", from: at, to: until, reason });
    at = until;
  }
  if (at < to) take(to);
  return steps;
}
