// What the start queue is asked with, and when it is asked again.

import { isWaiting, type WaitingStart } from "./kept-start.ts";
import type { FollowedRun } from "./followed-run.ts";
import type { Processes } from "./processes.ts";
import type { LiveCounts, Waiter } from "./start-queue.ts";

/** No timer of the platform waits longer than 24 days. */
const maxSleepMs = 3600_000;

/** A waiting start as the queue sees it. */
export function waiterOf<T extends Pick<WaitingStart, "request" | "phase">>(kept: T): Waiter & { readonly kept: T } {
  const { due, order, waitingFor } = kept.phase;
  const { queue } = kept.request;
  const place = queue === undefined ? null : { ...queue, parallel: queue.parallel ?? null };
  return { due, order, before: waitingFor === "restart" ? "restart" : "delay", queue: place, kept };
}

/** `all`: places that are taken on the machine. */
export function countLive(live: readonly FollowedRun[], processes: Processes, all: number): LiveCounts {
  const byQueue = new Map<string, number>();
  for (const { process } of live) {
    const kept = processes.find(process);
    const name = kept === null || isWaiting(kept) ? undefined : kept.request.queue?.name;
    if (name !== undefined) byQueue.set(name, (byQueue.get(name) ?? 0) + 1);
  }
  return { all, byQueue };
}

/** One timer: the earliest of what it is told, until it goes off. */
export class TurnClock {
  readonly #onTurn: () => void;
  #timer: NodeJS.Timeout | null = null;
  #at = Infinity;
  #isClosed = false;

  constructor(onTurn: () => void) {
    this.#onTurn = onTurn;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Null: nothing to wake for. */
  wakeIn(delayMs: number | null): void {
    if (delayMs === null || this.#isClosed) return;
    const sleepMs = Math.min(Math.max(delayMs, 0), maxSleepMs);
    const at = performance.now() + sleepMs;
    if (at >= this.#at) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#at = at;
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.#at = Infinity;
      this.#onTurn();
    }, sleepMs);
  }

  close(): void {
    this.#isClosed = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}
