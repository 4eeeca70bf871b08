// Whose turn it is. A run that waits begins when it is due, when the machine has room, and when its queue has; the
// highest priority goes first, then who came first. Who waits for its queue holds up who is behind it there, and nobody
// else.

import type { WaitingReason } from "@longwire/shared/process-state.ts";

/** One run that waits. */
export interface Waiter {
  /** Milliseconds since 1970. */
  readonly due: number;
  readonly order: number;
  /** What it waits for until it is due. */
  readonly before: Extract<WaitingReason, "delay" | "restart">;
  /** Null: in no queue, so that only the machine's room counts. */
  readonly queue: QueuePlace | null;
}

export interface QueuePlace {
  readonly name: string;
  readonly priority: number;
  /** How many runs of the queue may live once this one does; null where that has no bound. */
  readonly parallel: number | null;
}

/** The runs that live: all of them, and those of each queue. */
export interface LiveCounts {
  readonly all: number;
  readonly byQueue: ReadonlyMap<string, number>;
}

export interface Turns<T> {
  /** In this order. */
  readonly begin: readonly T[];
  readonly waiting: readonly { readonly waiter: T; readonly waitingFor: WaitingReason }[];
  /** When to look again though nothing ended; null: not before something does. */
  readonly lookAt: number | null;
}

export function chooseTurns<T extends Waiter>(
  waiters: readonly T[],
  live: LiveCounts,
  maxLive: number,
  now: number,
): Turns<T> {
  const begin: T[] = [];
  const waiting: { waiter: T; waitingFor: WaitingReason }[] = [];
  const byQueue = new Map(live.byQueue);
  const heldUp = new Set<string>();
  let { all } = live;
  let lookAt: number | null = null;
  for (const waiter of waiters.toSorted(compare)) {
    const { due, before, queue } = waiter;
    if (due > now) {
      waiting.push({ waiter, waitingFor: before });
      lookAt = Math.min(lookAt ?? due, due);
      continue;
    }
    const ofQueue = queue === null ? 0 : (byQueue.get(queue.name) ?? 0);
    const isFull = queue !== null && (heldUp.has(queue.name) || ofQueue >= (queue.parallel ?? Infinity));
    if (isFull && queue !== null) heldUp.add(queue.name);
    if (isFull || all >= maxLive) {
      waiting.push({ waiter, waitingFor: "queue" });
      continue;
    }
    begin.push(waiter);
    all++;
    if (queue !== null) byQueue.set(queue.name, ofQueue + 1);
  }
  return { begin, waiting, lookAt };
}

function compare(one: Waiter, other: Waiter): number {
  return (other.queue?.priority ?? 0) - (one.queue?.priority ?? 0) || one.order - other.order;
}
