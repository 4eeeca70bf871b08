import { expect, test } from "vitest";
import { parseTokenOptions, readDuration } from "./token-options.ts";

test("[T28] token create takes a name, scopes, machines and an end", () => {
  const args = ["create", "--name", "ci", "--scopes", "read, run", "--machine", "a", "--machine", "b"];
  expect(parseTokenOptions([...args, "--expires", "7d", "--json"])).toEqual({
    ok: true,
    value: {
      ...{ command: "create", name: "ci", scopes: ["read", "run"], machines: ["a", "b"] },
      ...{ expiresInMs: 604_800_000, json: true, server: undefined, data: undefined },
    },
  });
});

test.for([
  { args: [], word: "create, list or revoke" },
  { args: ["rotate"], word: "unknown command rotate" },
  { args: ["create", "--scopes", "read"], word: "--name" },
  { args: ["create", "--name", "a"], word: "--scopes" },
  { args: ["create", "--name", "a", "--scopes", "root"], word: "--scopes" },
  { args: ["create", "--name", "a", "--scopes", "read", "--expires", "soon"], word: "--expires soon" },
  { args: ["create", "--name", "a", "--scopes", "read", "extra"], word: "extra" },
  { args: ["list", "--colour"], word: "--colour" },
  { args: ["revoke"], word: "one id" },
  { args: ["revoke", "a", "b"], word: "one id" },
])("[T28] token $args is refused with what is wrong", ({ args, word }) => {
  const parsed = parseTokenOptions(args);
  expect(parsed.ok ? "" : parsed.message).toContain(word);
});

test("[T28] times are read with their unit", () => {
  expect(["90s", "45m", "12h", "7d", "0s", "7", "d", "1w", "-1d"].map(readDuration)).toEqual([
    ...[90_000, 2_700_000, 43_200_000, 604_800_000],
    ...[null, null, null, null, null],
  ]);
});
