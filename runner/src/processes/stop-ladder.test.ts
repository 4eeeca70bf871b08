import { expect, test } from "vitest";
import { firstRung, maxKillRounds, nextRung, type Rung, type Seen } from "./stop-ladder.ts";

const graceMs = 100;
const gone: Seen = { now: 50, alive: false, groupAlive: false };
const waiting: Seen = { now: 50, alive: true, groupAlive: true };
const outside: Seen = { now: 50, alive: true, groupAlive: false };
const late: Seen = { now: 100, alive: true, groupAlive: true };

const rungs = {
  asking: { type: "asking", until: 100 },
  terminating: { type: "terminating", until: 100 },
  killing: { type: "killing", round: 1 },
  lastRound: { type: "killing", round: maxKillRounds },
  done: { type: "done" },
  gave_up: { type: "gave_up" },
} as const satisfies Record<string, Rung>;

const done: Rung = { type: "done" };
const terminating = (now: number): Rung => ({ type: "terminating", until: now + graceMs });

// Every rung × everything that may be seen from it.
const table: Record<keyof typeof rungs, Record<"gone" | "waiting" | "outside" | "late", Rung>> = {
  asking: { gone: done, waiting: rungs.asking, outside: terminating(50), late: terminating(100) },
  terminating: { gone: done, waiting: rungs.terminating, outside: rungs.terminating, late: rungs.killing },
  killing: {
    gone: done,
    waiting: { type: "killing", round: 2 },
    outside: { type: "killing", round: 2 },
    late: { type: "killing", round: 2 },
  },
  lastRound: { gone: done, waiting: rungs.gave_up, outside: rungs.gave_up, late: rungs.gave_up },
  done: { gone: done, waiting: done, outside: done, late: done },
  gave_up: { gone: rungs.gave_up, waiting: rungs.gave_up, outside: rungs.gave_up, late: rungs.gave_up },
};

test("[P7] the ladder is climbed one rung at a time, and left when nobody is there any more", () => {
  for (const [name, row] of Object.entries(table) as [keyof typeof rungs, (typeof table)["asking"]][]) {
    expect([name, nextRung(rungs[name], gone, graceMs)]).toEqual([name, row.gone]);
    expect([name, nextRung(rungs[name], waiting, graceMs)]).toEqual([name, row.waiting]);
    expect([name, nextRung(rungs[name], outside, graceMs)]).toEqual([name, row.outside]);
    expect([name, nextRung(rungs[name], late, graceMs)]).toEqual([name, row.late]);
  }
});

test("[P7] a stop begins at the rung of the signal it asks for", () => {
  expect(firstRung("SIGINT", 10, graceMs)).toEqual({ type: "asking", until: 110 });
  expect(firstRung("SIGUSR2", 10, graceMs)).toEqual({ type: "asking", until: 110 });
  expect(firstRung("SIGTERM", 10, graceMs)).toEqual({ type: "terminating", until: 110 });
  expect(firstRung("SIGKILL", 10, graceMs)).toEqual({ type: "killing", round: 1 });
});
