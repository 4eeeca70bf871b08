// Cuts one stream into pieces that end at character borders where the stream is UTF-8 and none is over the limit.

import { maxRecordPayloadBytes } from "@longwire/shared/limits.ts";
import { countIncompleteTail } from "./utf8-border.ts";

const nothing: Buffer = Buffer.alloc(0);

/** One stream's cutter. What it was given comes out whole and in order; at most 3 bytes wait inside. */
export class OutputCutter {
  #held: Buffer = nothing;

  /** The pieces that are ready now that `chunk` came. */
  cut(chunk: Buffer): Buffer[] {
    let rest = this.#held.byteLength === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    const pieces: Buffer[] = [];
    while (rest.byteLength > 0) {
      const head = rest.subarray(0, maxRecordPayloadBytes);
      const piece = head.subarray(0, head.byteLength - countIncompleteTail(head));
      if (piece.byteLength === 0) break;
      pieces.push(piece);
      rest = rest.subarray(piece.byteLength);
    }
    // A copy: a view would keep the whole chunk in memory.
    this.#held = rest.byteLength === 0 ? nothing : Buffer.from(rest);
    return pieces;
  }

  /** What waited for the rest of a character that never came. */
  finish(): Buffer {
    const rest = this.#held;
    this.#held = nothing;
    return rest;
  }
}
