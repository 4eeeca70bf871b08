import { expect, test } from "vitest";
import { parseInviteOptions } from "./invite.ts";
import { parseTokenOptions, readDuration } from "./token-options.ts";

test("[T28] token create takes a name, scopes, machines and an end", () => {
  const args = ["create", "--name", "ci", "--scopes", "read, run", "--machine", "a", "--machine", "b"];
  expect(parseTokenOptions([...args, "--expires", "7d", "--json"])).toEqual({
    ok: true,
    value: {
      command: "create",
      request: { name: "ci", scopes: ["read", "run"], machines: ["a", "b"], expires_in_ms: 604_800_000 },
      ...{ json: true, server: undefined, data: undefined },
    },
  });
});

test("[T28] an invite is for a machine, or for a token with a name and scopes", () => {
  const requestOf = (...args: string[]): unknown => {
    const parsed = parseInviteOptions(args);
    return parsed.ok ? parsed.value.request : parsed.message;
  };
  expect(requestOf()).toEqual({ kind: "machine" });
  const token = requestOf("--token", "--name", "n", "--scopes", "read", "--expires", "1d");
  expect(token).toEqual({ kind: "token", name: "n", scopes: ["read"], expires_in_ms: 86_400_000 });
  expect(requestOf("--scopes", "read")).toContain("--token");
  expect(requestOf("--token", "--scopes", "read")).toContain("--name");
  expect(requestOf("--token", "--name", "n")).toContain("--scopes");
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
