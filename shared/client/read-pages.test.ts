import { expect, test } from "vitest";
import { readPages } from "./read-pages.ts";

test("[R50] a list is read page by page, each by the cursor of the one before, until there is none", async () => {
  const pages = new Map([
    [undefined, { items: [1, 2], next_cursor: "a" }],
    ["a", { items: [], next_cursor: "b" }],
    ["b", { items: [3], next_cursor: null }],
  ]);
  const asked: unknown[] = [];
  const all = await readPages((from) => {
    asked.push(from);
    const page = pages.get(from.cursor);
    return page === undefined ? Promise.reject(new Error("there is no such page")) : Promise.resolve(page);
  });
  expect(all).toEqual([1, 2, 3]);
  expect(asked).toEqual([{}, { cursor: "a" }, { cursor: "b" }]);
});
