// When to go on to the next rung of a stop. Pure; `end-tree.ts` does what it says.
//
//   asking ──grace, or no group to ask──► terminating ──grace──► killing 1 ──► killing 2 ──► … ──► gave_up
//     │                                        │                    │
//     └────────────── nobody is left ──────────┴────────────────────┴──► done

/** Rounds of freezing and killing before the survivors are reported. */
export const maxKillRounds = 40;

export type Rung =
  | { readonly type: "asking"; readonly until: number }
  | { readonly type: "terminating"; readonly until: number }
  | { readonly type: "killing"; readonly round: number }
  | { readonly type: "done" }
  | { readonly type: "gave_up" };

/** What was seen just now. Times are milliseconds of one monotonic clock. */
export interface Seen {
  readonly now: number;
  /** Whether any member lives. */
  readonly alive: boolean;
  /** Whether any member is in the root's process group, which is all that the first signal reaches. */
  readonly groupAlive: boolean;
}

/** The first rung: the caller's signal to the group; straight to the rung that sends this very signal otherwise. */
export function firstRung(signal: string, now: number, graceMs: number): Rung {
  if (signal === "SIGKILL") return { type: "killing", round: 1 };
  return { type: signal === "SIGTERM" ? "terminating" : "asking", until: now + graceMs };
}

/** The rung to stand on after `seen`; the same reference where there is only to wait. */
export function nextRung(rung: Rung, seen: Seen, graceMs: number): Rung {
  if (rung.type === "done" || rung.type === "gave_up") return rung;
  if (!seen.alive) return { type: "done" };
  switch (rung.type) {
    case "asking":
      if (seen.groupAlive && seen.now < rung.until) return rung;
      return { type: "terminating", until: seen.now + graceMs };
    case "terminating":
      return seen.now < rung.until ? rung : { type: "killing", round: 1 };
    case "killing":
      return rung.round < maxKillRounds ? { type: "killing", round: rung.round + 1 } : { type: "gave_up" };
  }
}
