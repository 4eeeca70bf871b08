// Looks for a pattern in a run's output from its first record on, with a reader of its own and at its own pace. What it
// has not searched stays on disk, so that a flood hides no line, not even from the next runner.

import { setImmediate as nextTurn } from "node:timers/promises";
import { unfinishedLineMs } from "@longwire/shared/limits.ts";
import {
  type LineMatch,
  type LineSearch,
  searchBytes,
  searchFrom,
  searchPending,
} from "@longwire/shared/line-search.ts";
import { compilePattern, type Pattern } from "@longwire/shared/pattern.ts";
import type { RunFact } from "@longwire/shared/wire/facts.ts";
import type { SpoolRecord } from "../spool/record.ts";
import { SpoolReader } from "../spool/spool-reader.ts";
import type { FollowedRun } from "./followed-run.ts";

/** Searched before everything else of the runner gets its turn; a complex pattern counts several times. */
const turnBytes = 64 * 1024;
const maxRecords = 1000;
/** Well below what a timer can wait. */
const longestWaitMs = 3600_000;

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

/** The first line that `source` is found in; null where `endsAt` comes before that, or no more of the run is told. */
export async function findLine(
  run: FollowedRun,
  source: string,
  endsAt: number,
  now: () => number,
): Promise<string | null> {
  const compiled = compilePattern(source);
  if (!compiled.ok) throw new Error(compiled.refusal.detail);
  const reader = new SpoolReader(run.folder);
  const search = new OutputSearch(compiled.value);
  let next = reader.first;
  try {
    while (run.isFollowed) {
      reader.announce(run.reader.next);
      const records = reader.read(next, turnBytes, maxRecords);
      for (const record of records) {
        const line = await search.take(record);
        if (line !== null) return line;
        next = record.number + record.span;
        run.keepFrom(search.lineRecord ?? next);
      }
      if (records.length > 0) continue;
      const leftMs = endsAt - now();
      if (leftMs <= 0) return null;
      const isNews = await newsWithin(run, Math.min(leftMs, search.isOpen ? unfinishedLineMs : longestWaitMs));
      const line = isNews ? null : search.takeOpen();
      if (line !== null) return line;
    }
    return null;
  } finally {
    reader.close();
  }
}

/** Whether there may be more to read before `delayMs` are over. */
function newsWithin(run: FollowedRun, delayMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), delayMs);
    timer.unref();
    run.onNews = () => {
      clearTimeout(timer);
      resolve(true);
    };
  });
}

/** The search through one record after the other. */
class OutputSearch {
  readonly #pattern: Pattern;
  #search: LineSearch | null = null;
  #spent = 0;
  #isOpenSearched = false;
  /** The record in which the unfinished line begins; null where there is none. */
  lineRecord: number | null = null;

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
  }

  /** Whether there is an unfinished line that was not searched as it stands. */
  get isOpen(): boolean {
    return this.lineRecord !== null && !this.#isOpenSearched;
  }

  /** Takes in the next record; the line that matches. A line is not put together across a gap. */
  async take({ number, header, payload }: SpoolRecord): Promise<string | null> {
    const fact = JSON.parse(header) as RunFact;
    if (fact.type === "gap") this.#stand(searchFrom(fact.to_offset ?? 0), null);
    if (fact.type !== "output") return null;
    let search = this.#search ?? searchFrom(fact.offset);
    const step = Math.max(1024, Math.floor(turnBytes / this.#pattern.weight));
    for (let at = 0; at < payload.byteLength; at += step) {
      const piece = payload.subarray(at, at + step);
      const found: LineSearch | LineMatch = searchBytes(search, piece, this.#pattern, decode);
      if ("text" in found) return found.text;
      search = found;
      this.#spent += piece.byteLength * this.#pattern.weight;
      if (this.#spent >= turnBytes) await this.#rest();
    }
    const isSameLine = this.lineRecord !== null && search.start < fact.offset;
    this.#stand(search, isSameLine ? this.lineRecord : number);
    return null;
  }

  /** The unfinished line, where it matches as it stands: it may be a prompt. */
  takeOpen(): string | null {
    this.#isOpenSearched = true;
    return this.#search === null ? null : (searchPending(this.#search, this.#pattern, decode)?.text ?? null);
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
