// How many failures the next delay goes by. Pure.
//
//   never open         → one more
//   open, and short    → at most one: somebody is there and the way is bad, so what runs is not left unheard for long
//   open, and steady   → none

/** A connection that lasted this long counts as a success, so that the next delay is short again. */
const steadyMs = 5000;

/** `openMs`: how long the connection that ended was open; null where it could not be made. */
export function countFailures(failures: number, openMs: number | null): number {
  if (openMs === null) return failures + 1;
  return openMs > steadyMs ? 0 : Math.min(failures + 1, 1);
}
