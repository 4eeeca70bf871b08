import { expect, test } from "vitest";
import { writeQuery } from "./query.ts";

test("[R50] a query is written field by field, lists once for each value, what is absent not at all", () => {
  expect(writeQuery({})).toBe("");
  expect(writeQuery({ after: undefined })).toBe("");
  const query = writeQuery({ until: ["exit", "match"], pattern: "a&b+c d", port: 80, metrics: true });
  expect([...new URLSearchParams(query)]).toEqual([
    ["until", "exit"],
    ["until", "match"],
    ["pattern", "a&b+c d"],
    ["port", "80"],
    ["metrics", "true"],
  ]);
});
