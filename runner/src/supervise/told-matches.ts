// Which of a run's matching lines are told: the first at once, and of many in a row the last one of each second, with
// how many lie between. Pure: the time is given.

import type { LineMatch } from "@longwire/shared/line-search.ts";

const everyMs = 1000;

export interface ToldMatch extends LineMatch {
  readonly skipped: number;
}

export class ToldMatches {
  #toldAt = -Infinity;
  #held: LineMatch | null = null;
  #skipped = 0;

  /** What is to be told now that this line matched; null: it is held for later. */
  take(match: LineMatch, now: number): ToldMatch | null {
    this.hold(match);
    return this.takeDue(now);
  }

  /** Keeps a line that matched for later. */
  hold(match: LineMatch): null {
    if (this.#held !== null) this.#skipped++;
    this.#held = match;
    return null;
  }

  /** When something held is to be told; `Infinity` where nothing is. */
  get dueAt(): number {
    return this.#held === null ? Infinity : this.#toldAt + everyMs;
  }

  /** What is held, once its time has come. */
  takeDue(now: number): ToldMatch | null {
    return now < this.dueAt ? null : this.takeHeld(now);
  }

  /** What is held, whatever the time. */
  takeHeld(now: number): ToldMatch | null {
    if (this.#held === null) return null;
    const told = { ...this.#held, skipped: this.#skipped };
    this.#toldAt = now;
    this.#held = null;
    this.#skipped = 0;
    return told;
  }
}
