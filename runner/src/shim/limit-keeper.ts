// Holds a run to its limits, whether a runner is there or not: looks at the clock and, where that is needed, at the
// processes. What counts as reached is decided in `limit-watch.ts`.

import type { RunLimitValues } from "@longwire/shared/run-limits.ts";
import type { ProcessRow } from "../processes/process-table.ts";
import { measureUsage } from "../processes/tree-usage.ts";
import {
  beginWatch,
  judgeLimits,
  limitLookMs,
  needsSamples,
  nextLookMs,
  noteActivity,
  passTime,
  type LimitWatch,
  type Reached,
} from "./limit-watch.ts";

export interface LimitKeeperOptions {
  readonly limits: RunLimitValues;
  /** The processes of the run now. */
  readonly members: () => readonly ProcessRow[];
  /** Called once. */
  readonly onReached: (reached: Reached) => void;
}

export class LimitKeeper {
  readonly #options: LimitKeeperOptions;
  #watch: LimitWatch;
  #timer: NodeJS.Timeout | null = null;
  #lookedAt = performance.now();
  #sampledAt = 0;
  #isClosed = false;

  constructor(options: LimitKeeperOptions) {
    this.#options = options;
    this.#watch = beginWatch(options.limits);
    this.#wait();
  }

  /** The run printed `bytes`, or was given something (0). */
  note(bytes: number): void {
    if (this.#isClosed) return;
    this.#watch = noteActivity(this.#watch, bytes);
    if (bytes > 0) this.#judge(false);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      const now = performance.now();
      this.#watch = passTime(this.#watch, now - this.#lookedAt);
      this.#lookedAt = now;
      this.#judge(needsSamples(this.#options.limits) && now - this.#sampledAt >= limitLookMs - 100);
      if (!this.#isClosed) this.#wait();
    }, nextLookMs(this.#watch));
  }

  #judge(samples: boolean): void {
    if (samples) this.#sampledAt = performance.now();
    const { watch, reached } = judgeLimits(this.#watch, samples ? measureUsage(this.#options.members()) : null);
    this.#watch = watch;
    if (reached === null) return;
    this.close();
    this.#options.onReached(reached);
  }
}
