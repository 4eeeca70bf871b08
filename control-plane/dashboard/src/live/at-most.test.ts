import { expect, test } from "vitest";
import { atMost } from "./at-most.ts";

test("[B14] what may take long is done so many at a time, in order, also where some of it fails", async () => {
  const inTurn = atMost(2);
  const begun: number[] = [];
  const ends = Array.from({ length: 5 }, () => Promise.withResolvers<number>());
  const all = ends.map(({ promise }, index) =>
    inTurn(async () => {
      begun.push(index);
      return await promise;
    }),
  );
  const settled = Promise.allSettled(all);
  expect(begun).toEqual([0, 1]);
  ends[1]?.reject(new Error("it does not answer"));
  await expect(all[1]).rejects.toThrow("it does not answer");
  expect(begun).toEqual([0, 1, 2]);
  ends[0]?.resolve(0);
  ends[2]?.resolve(2);
  await Promise.all([all[0], all[2]]);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
  ends[3]?.resolve(3);
  ends[4]?.resolve(4);
  expect((await settled).map(({ status }) => status)).toEqual([
    "fulfilled",
    "rejected",
    ...["fulfilled", "fulfilled", "fulfilled"],
  ]);
});
