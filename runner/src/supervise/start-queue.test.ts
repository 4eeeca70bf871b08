import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseTurns, type Waiter } from "./start-queue.ts";

const none = { all: 0, byQueue: new Map<string, number>() };
const waiter = (order: number, priority = 0, parallel: number | null = null, due = 0): Waiter => ({
  due,
  order,
  before: "delay",
  queue: { name: "q", priority, parallel },
});

test("[P28] who waits for what", () => {
  const [early, urgent, late] = [waiter(1), waiter(2, 5), waiter(3, 9, null, 100)];
  const all = [early, urgent, late];
  expect(chooseTurns(all, none, 20, 0)).toEqual({
    begin: [urgent, early],
    waiting: [{ waiter: late, waitingFor: "delay" }],
    lookAt: 100,
  });
  expect(chooseTurns(all, none, 1, 0)).toMatchObject({ begin: [urgent], waiting: [{}, { waitingFor: "queue" }] });
  expect(chooseTurns(all, none, 20, 100)).toEqual({ begin: [late, urgent, early], waiting: [], lookAt: null });
  const restarted: Waiter = { due: 50, order: 0, before: "restart", queue: null };
  expect(chooseTurns([restarted], none, 20, 0)).toMatchObject({ waiting: [{ waitingFor: "restart" }], lookAt: 50 });
});

test("[P28] who waits for its queue holds up who is behind it there, and nobody else", () => {
  const [narrow, behind] = [waiter(1, 0, 1), waiter(2, 0, 9)];
  const elsewhere: Waiter = { ...waiter(3), queue: { name: "other", priority: 0, parallel: 1 } };
  const live = { all: 1, byQueue: new Map([["q", 1]]) };
  expect(chooseTurns([narrow, behind, elsewhere], live, 20, 0).begin).toEqual([elsewhere]);
});

const waiters = fc
  .array(
    fc.record({
      due: fc.nat(10),
      priority: fc.integer({ min: -2, max: 2 }),
      parallel: fc.option(fc.integer({ min: 1, max: 3 })),
      name: fc.constantFrom("a", "b"),
      queued: fc.boolean(),
    }),
  )
  .map((all) =>
    all.map(({ due, priority, parallel, name, queued }, order): Waiter => ({
      due,
      order,
      before: "delay",
      queue: queued ? { name, priority, parallel } : null,
    })),
  );

test("[P28] nobody begins before its time or beyond a bound, nobody is lost, and room is not left unused", () => {
  fc.assert(
    fc.property(waiters, fc.nat(6), fc.nat(4), fc.nat(10), (all, maxLive, ofA, now) => {
      const live = { all: ofA, byQueue: new Map([["a", ofA]]) };
      const { begin, waiting } = chooseTurns(all, live, maxLive, now);
      expect(begin.length + waiting.length).toBe(all.length);
      expect(begin.length).toBeLessThanOrEqual(Math.max(0, maxLive - ofA));
      for (const [at, one] of begin.entries()) {
        expect(one.due).toBeLessThanOrEqual(now);
        const { queue } = one;
        if (queue?.parallel == null) continue;
        const before = begin.slice(0, at).filter((other) => other.queue?.name === queue.name).length;
        expect(before + (live.byQueue.get(queue.name) ?? 0)).toBeLessThan(queue.parallel);
      }
      const free = waiting.filter(({ waiter: { due, queue } }) => due <= now && queue === null);
      if (free.length > 0) expect(ofA + begin.length).toBeGreaterThanOrEqual(maxLive);
    }),
  );
});
