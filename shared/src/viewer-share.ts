// How much each viewer of a machine may have in flight, sent and not given back, so that all together keep within
// 32 MiB. Half of that is divided evenly: each viewer's guarantee. The other half is drawn on by whoever needs more,
// so those who hold much and give nothing back leave the others their guarantee.
//
//   4 viewers:  guarantee 4 MiB each │ pool of 16 MiB: one that has 8 MiB in flight draws 4 MiB of it

import { maxViewers, viewersInFlightBytes } from "./limits.ts";

const half = viewersInFlightBytes / 2;
/** What a viewer may have in any case: its guarantee among as many as there can be. */
export const leastShareBytes = Math.floor(half / maxViewers);

export class ViewerShare<Viewer> {
  readonly #inFlight = new Map<Viewer, number>();
  #total = 0;

  /** Of all viewers together. */
  get total(): number {
    return this.#total;
  }

  set(viewer: Viewer, bytes: number): void {
    this.#total += bytes - (this.#inFlight.get(viewer) ?? 0);
    this.#inFlight.set(viewer, bytes);
  }

  delete(viewer: Viewer): void {
    this.#total -= this.#inFlight.get(viewer) ?? 0;
    this.#inFlight.delete(viewer);
  }

  get #guarantee(): number {
    return Math.floor(half / Math.max(1, this.#inFlight.size));
  }

  /**
   * How many bytes `viewer` may be sent now; none where it is 0, and the last event may go beyond. Guarantees shrink
   * when viewers come, so those before may hold all 32 MiB; whoever has next to nothing in flight gets on even then.
   */
  allowance(viewer: Viewer): number {
    // While little is in flight the exact answer is larger and takes a walk over all viewers.
    if (this.#total <= half / 2) return half / 2;
    const guarantee = this.#guarantee;
    const mine = this.#inFlight.get(viewer) ?? 0;
    let pool = half;
    for (const bytes of this.#inFlight.values()) pool -= Math.max(0, bytes - guarantee);
    pool += Math.max(0, mine - guarantee);
    const allowed = Math.min(guarantee + Math.max(0, pool) - mine, viewersInFlightBytes - this.#total);
    return Math.max(allowed, leastShareBytes - mine, 0);
  }

  /** Whether a viewer that gets no more is itself why: it holds its guarantee and gives nothing of it back. */
  holdsItsGuarantee(viewer: Viewer): boolean {
    return (this.#inFlight.get(viewer) ?? 0) >= this.#guarantee;
  }
}
