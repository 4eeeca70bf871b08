// What webhooks look for in the output of this machine's runs. Each run is searched once for all of them: one that
// begins while they are known from its first record, one that was found on disk from what the control plane has not.

import type { SpoolId } from "@longwire/shared/ids.ts";
import type { MatchFact, OutputWatch } from "@longwire/shared/wire/watches.ts";
import type { FollowedRun } from "./followed-run.ts";
import { RunWatch } from "./run-watch.ts";

export interface OutputWatchesParts {
  readonly runs: () => Iterable<FollowedRun>;
  readonly tell: (match: MatchFact) => void;
  readonly hasRoom: () => boolean;
  readonly now: () => number;
  readonly log: (text: string) => void;
}

export class OutputWatches {
  readonly #parts: OutputWatchesParts;
  readonly #searching = new Map<SpoolId, RunWatch>();
  #watches: readonly OutputWatch[] = [];
  #isClosed = false;

  constructor(parts: OutputWatchesParts) {
    this.#parts = parts;
  }

  /** All there is to look for. `positions`: the first record of each spool that the control plane does not have. */
  set(watches: readonly OutputWatch[], positions?: Readonly<Record<string, number>>): void {
    this.#watches = watches;
    for (const run of this.#parts.runs()) this.#look(run, positions?.[run.id] ?? run.reader.next);
  }

  /** A run begins. */
  add(run: FollowedRun): void {
    this.#look(run, 1);
  }

  /** Whether something of the run is still to be searched. */
  isSearching(run: FollowedRun): boolean {
    return this.#searching.has(run.id);
  }

  close(): void {
    this.#isClosed = true;
    for (const watch of this.#searching.values()) watch.close();
  }

  #look(run: FollowedRun, from: number): void {
    if (this.#isClosed) return;
    const wanted = this.#watches.filter((watch) => isFor(watch, run));
    const known = this.#searching.get(run.id);
    if (known?.isClosed === false) return known.set(wanted);
    if (wanted.length === 0) return;
    const watch = new RunWatch({ run, from, ...this.#parts });
    watch.set(wanted);
    this.#searching.set(run.id, watch);
    watch
      .search()
      .catch((error: unknown) => this.#parts.log(`${run.process} is not searched any more: ${String(error)}`))
      .finally(() => {
        if (this.#searching.get(run.id) === watch) this.#searching.delete(run.id);
      });
  }
}

function isFor({ process, tag }: OutputWatch, run: FollowedRun): boolean {
  const { name, tags } = run.spec.label;
  if (process !== undefined && process !== run.process && process !== name) return false;
  return tag === undefined || tags.includes(tag);
}
