// What each run's spool may hold, so that all of a machine's together keep to its bound. Pure.
//
// While there is room for all, each gets a run's whole bound. Otherwise those that hold little get what lets them grow,
// and those that hold most share the rest equally; what a run that ended still holds is taken off first.

export interface SpoolUse {
  readonly heldBytes: number;
  readonly isLive: boolean;
}

export interface SpoolBounds {
  readonly runBytes: number;
  readonly machineBytes: number;
}

/** A run that holds nothing yet can take this much before it is looked at again. */
const minGrowthBytes = 1024 * 1024;

/** The bounds of the live ones among `uses`, in their order: together no more than the machine's. */
export function shareSpoolBytes<U extends SpoolUse>(
  uses: readonly U[],
  { runBytes, machineBytes }: SpoolBounds,
): Map<U, number> {
  const live = uses.filter(({ isLive }) => isLive);
  const ended = uses.reduce((sum, { heldBytes, isLive }) => sum + (isLive ? 0 : heldBytes), 0);
  let left = Math.max(0, machineBytes - ended);
  if (live.length * runBytes <= left) return new Map(live.map((use) => [use, runBytes]));
  const wanted = (use: U): number => Math.min(runBytes, Math.max(minGrowthBytes, 4 * use.heldBytes));
  const granted = new Map<U, number>();
  for (const [at, use] of live.toSorted((one, other) => one.heldBytes - other.heldBytes).entries()) {
    const grant = Math.min(wanted(use), left / (live.length - at));
    granted.set(use, grant);
    left -= grant;
  }
  const more = left / Math.max(1, live.length);
  return new Map(live.map((use) => [use, Math.floor(Math.min(runBytes, (granted.get(use) ?? 0) + more))]));
}

/** Whether no run is to be added: children that flood are slowed at half of what there is, so more than that is never free. */
export function areSpoolsFull(uses: readonly SpoolUse[], { machineBytes }: SpoolBounds): boolean {
  return uses.reduce((sum, { heldBytes }) => sum + heldBytes, 0) >= machineBytes / 2;
}
