import fc from "fast-check";
import { expect, test } from "vitest";
import { chooseFollowed, type Followable, type Looking } from "./choose-followed.ts";

const machines: Followable[] = Array.from({ length: 9 }, (_, index) => ({
  id: `m${index}`,
  isOnline: index % 2 === 0,
  asks: index === 7,
}));
const nothing: Looking = { at: null, onScreen: new Set(), recent: [] };

test("[B14] followed are the machine that is shown, those that ask, are on the screen, were lately, are online", () => {
  const choose = (looking: Partial<Looking>, most: number): string[] =>
    [...chooseFollowed(machines, { ...nothing, ...looking }, most)].toSorted();
  expect(choose({}, 3)).toEqual(["m0", "m2", "m7"]);
  expect(choose({ at: "m5" }, 2)).toEqual(["m5", "m7"]);
  expect(choose({ at: "m5", onScreen: new Set(["m1", "m3"]) }, 4)).toEqual(["m1", "m3", "m5", "m7"]);
  expect(choose({ onScreen: new Set(["m1"]), recent: ["m3", "m8", "m1"] }, 4)).toEqual(["m1", "m3", "m7", "m8"]);
  expect(choose({}, 20)).toHaveLength(machines.length);
});

test("[B14] however many machines there are, no more than the bound are followed, and what is shown is among them", () => {
  const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 60 });
  fc.assert(
    fc.property(
      ids,
      fc.nat(),
      fc.infiniteStream(fc.boolean()),
      fc.integer({ min: 1, max: 16 }),
      (all, shown, coin, most) => {
        const flip = (): boolean => coin.next().value === true;
        const at = all[shown % all.length] ?? "";
        const looking = { at, onScreen: new Set(all.filter(flip)), recent: all.filter(flip) };
        const list = all.map((id) => ({ id, isOnline: flip(), asks: flip() }));
        const followed = chooseFollowed(list, looking, most);
        expect(followed.size).toBe(Math.min(most, all.length));
        expect(followed.has(at)).toBe(true);
      },
    ),
  );
});
