// What a wait can end on. Apart from the requests, so that who only reads answers does not load what patterns need.

/** What a wait can end on when it is asked to; it also ends when its run does. */
export const waitConditions = ["exit", "match", "output", "idle", "port", "ready"] as const;
