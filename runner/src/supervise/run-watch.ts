// Looks for the patterns of webhooks in one run's output, from a record on to the run's very end, with a reader of its
// own and at its own pace. What it has not searched stays on disk.

import type { LineMatch } from "@longwire/shared/line-search.ts";
import { unfinishedLineMs } from "@longwire/shared/limits.ts";
import { compilePattern } from "@longwire/shared/pattern.ts";
import type { MatchFact, OutputWatch } from "@longwire/shared/wire/watches.ts";
import { SpoolReader } from "../spool/spool-reader.ts";
import type { FollowedRun } from "./followed-run.ts";
import { OutputSearch, turnBytes } from "./output-search.ts";
import { newsWithin, type Reading } from "./readings.ts";
import { ToldMatches } from "./told-matches.ts";

const maxRecords = 1000;
/** Well below what a timer can wait. */
const longestWaitMs = 3600_000;
/** How soon it is looked again whether a match can be told that there was no room for. */
const roomAgainMs = 1000;

interface Searched {
  readonly pattern: string;
  readonly search: OutputSearch;
  readonly told: ToldMatches;
}

export interface RunWatchParts {
  readonly run: FollowedRun;
  /** The first record to search. */
  readonly from: number;
  /** Puts a match into the runner's own spool. */
  readonly tell: (match: MatchFact) => void;
  /** Whether that has room: it grows while the control plane is away. */
  readonly hasRoom: () => boolean;
  readonly now: () => number;
}

export class RunWatch {
  readonly #parts: RunWatchParts;
  readonly #searched = new Map<string, Searched>();
  readonly #reading: Reading;
  #isClosed = false;

  constructor(parts: RunWatchParts) {
    this.#parts = parts;
    this.#reading = parts.run.readings.open(parts.from);
  }

  /** Looks for these from where it is; what it looked for already goes on. */
  set(watches: readonly OutputWatch[]): void {
    const wanted = new Map(watches.map(({ id, pattern }) => [id, pattern]));
    for (const [id, { pattern }] of this.#searched) if (wanted.get(id) !== pattern) this.#searched.delete(id);
    for (const [id, pattern] of wanted) {
      const compiled = this.#searched.has(id) ? null : compilePattern(pattern);
      if (compiled?.ok !== true) continue;
      this.#searched.set(id, { pattern, search: new OutputSearch(compiled.value), told: new ToldMatches() });
    }
    if (this.#searched.size === 0) this.close();
  }

  /** Nothing more is searched. */
  close(): void {
    this.#isClosed = true;
    this.#reading.onNews();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Returns once the run is over and all of it is searched, or nothing is looked for any more. */
  async search(): Promise<void> {
    const { run, from } = this.#parts;
    const reader = new SpoolReader(run.folder);
    let next = Math.max(from, reader.first);
    try {
      while (!this.#isClosed) {
        reader.announce(run.reader.next);
        const records = reader.read(next, turnBytes, maxRecords);
        for (const record of records) {
          for (const [id, searched] of this.#searched) {
            for await (const match of searched.search.take(record)) this.#found(id, searched, match);
          }
          next = record.number + record.span;
          this.#reading.keepFrom(
            Math.min(next, ...[...this.#searched.values()].map((one) => one.search.lineRecord ?? next)),
          );
        }
        this.#tellDue();
        if (records.length > 0) continue;
        if (!run.isLive) return this.#end();
        if (!(await newsWithin(this.#reading, this.#waitMs()))) this.#searchOpen();
      }
    } finally {
      reader.close();
      run.readings.close(this.#reading);
      this.#isClosed = true;
    }
  }

  #waitMs(): number {
    const { now, hasRoom } = this.#parts;
    const all = [...this.#searched.values()];
    const isOpen = all.some(({ search }) => search.isOpen);
    const dueMs = Math.min(...all.map(({ told }) => told.dueAt)) - now();
    const heldMs = hasRoom() ? Math.max(1, dueMs) : roomAgainMs;
    return Math.min(isOpen ? unfinishedLineMs : longestWaitMs, dueMs === Infinity ? Infinity : heldMs);
  }

  #found(id: string, { told }: Searched, match: LineMatch): void {
    const { now, hasRoom } = this.#parts;
    const due = hasRoom() ? told.take(match, now()) : told.hold(match);
    if (due !== null) this.#tell(id, due);
  }

  #tellDue(): void {
    if (!this.#parts.hasRoom()) return;
    for (const [id, { told }] of this.#searched) {
      const due = told.takeDue(this.#parts.now());
      if (due !== null) this.#tell(id, due);
    }
  }

  /** Unfinished lines, as they stand. */
  #searchOpen(): void {
    for (const [id, searched] of this.#searched) {
      const match = searched.search.isOpen ? searched.search.takeOpen() : null;
      if (match !== null) this.#found(id, searched, match);
    }
  }

  /** The run is over and told to its end: what is left is told whatever the room. */
  #end(): void {
    this.#searchOpen();
    for (const [id, { told }] of this.#searched) {
      const held = told.takeHeld(this.#parts.now());
      if (held !== null) this.#tell(id, held);
    }
  }

  #tell(watch: string, { text, end, skipped }: LineMatch & { readonly skipped: number }): void {
    const { run, tell, now } = this.#parts;
    const of = { process: run.process, run: run.run, watch, offset: end, text };
    tell({ type: "match", at: now(), ...of, ...(skipped === 0 ? {} : { skipped }) });
  }
}
