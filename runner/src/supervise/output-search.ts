// The search for a pattern through one record of a run's spool after the other. What takes long rests now and then, so
// that everything else of the runner gets its turn.

import { setImmediate as nextTurn } from "node:timers/promises";
import {
  type LineMatch,
  type LineSearch,
  searchBytes,
  searchFrom,
  searchPending,
} from "@longwire/shared/line-search.ts";
import type { Pattern } from "@longwire/shared/pattern.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import type { SpoolRecord } from "../spool/record.ts";

/** Searched before everything else of the runner gets its turn; a complex pattern counts several times. */
export const turnBytes = 64 * 1024;

const newline = 10;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

export class OutputSearch {
  readonly #pattern: Pattern;
  #search: LineSearch | null = null;
  #spent = 0;
  #isOpenSearched = false;
  /** Where the line begins that was given as it stood, unfinished: it is not given again. */
  #givenLine: number | null = null;
  /** The record in which the unfinished line begins; null where there is none. */
  lineRecord: number | null = null;

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
  }

  /** Whether there is an unfinished line that was not searched as it stands. */
  get isOpen(): boolean {
    return this.lineRecord !== null && !this.#isOpenSearched;
  }

  /** Takes in the next record, and gives the lines that match. A line is not put together across a gap. */
  async *take({ number, header, payload }: SpoolRecord): AsyncGenerator<LineMatch, void, void> {
    const fact = JSON.parse(header) as RunFact;
    if (fact.type === "gap") this.#stand(searchFrom(fact.to_offset ?? 0), null);
    if (fact.type !== "output") return;
    let search = this.#search ?? searchFrom(fact.offset);
    const step = Math.max(1024, Math.floor(turnBytes / this.#pattern.weight));
    for (let at = 0; at < payload.byteLength;) {
      const piece = payload.subarray(at, at + step);
      const found: LineSearch | LineMatch = searchBytes(search, piece, this.#pattern, decode);
      let taken = piece.byteLength;
      if ("text" in found) {
        // The line's end may lie before this piece, where a long line is searched piece by piece.
        taken = Math.max(0, found.end - fact.offset - at);
        const lineEnd = piece.indexOf(newline);
        const isFirst = lineEnd === -1 || found.end <= fact.offset + at + lineEnd + 1;
        if (!isFirst || this.#givenLine !== search.start) yield found;
        this.#givenLine = null;
        search = searchFrom(found.end);
      } else {
        search = found;
      }
      at += taken;
      this.#spent += Math.max(1, taken) * this.#pattern.weight;
      if (this.#spent >= turnBytes) await this.#rest();
    }
    const isSameLine = this.lineRecord !== null && search.start < fact.offset;
    this.#stand(search, isSameLine ? this.lineRecord : number);
  }

  /** The unfinished line, where it matches as it stands: it may be a prompt. */
  takeOpen(): LineMatch | null {
    this.#isOpenSearched = true;
    if (this.#search === null || this.#givenLine === this.#search.start) return null;
    const match = searchPending(this.#search, this.#pattern, decode);
    if (match !== null) this.#givenLine = this.#search.start;
    return match;
  }

  #stand(search: LineSearch, lineRecord: number | null): void {
    this.#search = search;
    this.lineRecord = search.pending.length === 0 ? null : lineRecord;
    this.#isOpenSearched = false;
  }

  async #rest(): Promise<void> {
    this.#spent = 0;
    await nextTurn();
  }
}
