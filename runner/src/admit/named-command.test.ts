import fc from "fast-check";
import { expect, test } from "vitest";
import type { StartRequest } from "@longwire/shared/api/requests.ts";
import { fillArgv, type FilledParam } from "./fill-argv.ts";
import { resolveNamed } from "./named-command.ts";
import { readPolicyText } from "./policy-source.ts";

/** What becomes of a start of the command `it`. */
function resolve(command: object, asked: Omit<StartRequest, "use"> = {}): ReturnType<typeof resolveNamed> {
  const file = readPolicyText(JSON.stringify({ version: 1, roots: { web: "/web" }, commands: { it: command } }));
  if (!file.ok) throw new Error(`${file.fault.path} ${file.fault.message}`);
  return resolveNamed(file.value, "it", { use: "it", ...asked }, () => (path) => (path.includes("..") ? null : path));
}

function argvOf(argv: string[], params: object, given: StartRequest["params"]): unknown {
  const resolved = resolve({ root: "web", argv, params }, { params: given });
  return resolved.type === "resolved" ? resolved.request.argv : resolved.refusal.errors;
}

test("[T12] a named command runs in its owner's words, with what a caller may add", () => {
  const command = {
    root: "web",
    argv: ["npm", "test"],
    tags: ["ci"],
    env: { PORT: "1", CI: "0" },
    restart: { policy: "on_failure" },
    lease_ms: null,
  };
  const asked = { tags: ["mine", "ci"], env: { CI: "1" }, if_running: "reuse" as const };
  const resolved = resolve(command, asked);
  expect(resolved).toMatchObject({
    type: "resolved",
    request: {
      argv: ["npm", "test"],
      name: "it",
      cwd: "/web",
      tags: ["ci", "mine"],
      env: { PORT: "1", CI: "1" },
      if_running: "reuse",
      restart: { policy: "on_failure", max: 5 },
      lease_ms: null,
    },
  });
  expect(resolve(command, { name: "other" })).toMatchObject({ request: { name: "other" } });
});

test("[T12] whatever else a caller says of a named command is refused", () => {
  const foreign = { cwd: "/", ready: { port: 1 }, limits: {}, stdin: "x", tty: true, lease_ms: null } as const;
  expect(resolve({ root: "web", argv: ["x"] }, foreign)).toMatchObject({
    refusal: { code: "invalid_request", errors: Object.keys(foreign).map((path) => ({ path })) },
  });
  expect(resolve({ root: "web", argv: ["x"] }, { params: { x: 1, constructor: "y" } })).toMatchObject({
    refusal: { errors: [{ path: "params.x" }, { path: "params.constructor" }] },
  });
});

test("[T12] a command the owner did not name is refused, whatever every object has by that name", () => {
  const file = readPolicyText('{ "version": 1, "commands": { "dev": { "cwd": "/", "argv": ["x"] } } }');
  if (!file.ok) throw new Error("it is a policy file");
  for (const name of ["nope", "constructor", "toString"]) {
    expect(resolveNamed(file.value, name, { use: name }, () => () => null)).toMatchObject({
      refusal: { code: "denied_by_machine", hint: "It names dev." },
    });
  }
});

const text = { type: "string" };

test("[T13] values stand where the owner put them, behind the rest where they have no place", () => {
  const params = { file: text, deep: { type: "integer", default: 2 }, kind: { type: "enum", values: ["-a", "b"] } };
  expect(argvOf(["x", "--deep={deep}", "{nothing}", "{kind}"], params, { file: "a b; c", kind: "-a" })).toEqual([
    ...["x", "--deep=2", "{nothing}", "-a", "a b; c"],
  ]);
  expect(argvOf(["x", "--file={file}"], { file: text }, {})).toEqual(["x"]);
  expect(argvOf(["x", "{a}"], { a: text, b: text }, { a: "{b}", b: "1" })).toEqual(["x", "{b}", "1"]);
});

const declared = {
  word: { type: "string", pattern: "[a-z]+" },
  file: { type: "path" },
  part: { type: "number", min: 0, max: 1 },
  count: { type: "integer" },
  loud: { type: "boolean" },
  kind: { type: "enum", values: ["a", "b"] },
};
const bad: [keyof typeof declared, string | number | boolean, string][] = [
  ["word", "ab1", "must match"],
  ["word", "ab\nx", "must match"],
  ["word", 1, "text"],
  ["file", "../x", "inside"],
  ["file", "a\0b", "NUL"],
  ["part", 1.5, "at most 1"],
  ["part", -0.5, "at least 0"],
  ["part", "1", "number"],
  ["count", 1.5, "whole"],
  ["count", -1, "begin with `-`"],
  ["loud", "true", "true or false"],
  ["kind", "c", 'one of "a", "b"'],
];

test.for(bad)("[T13] a value that is not as declared is refused: %s %j", ([name, value, message]) => {
  expect(argvOf(["x"], { [name]: declared[name] }, { [name]: value })).toEqual([
    { path: `params.${name}`, message: expect.stringContaining(message) as string },
  ]);
});

test("[T13] a required value is asked for", () => {
  expect(argvOf(["x"], { file: { type: "path", required: true } }, {})).toEqual([
    { path: "params.file", message: "is required" },
  ]);
});

test("[T13] no value is taken for an option, unless the owner foresaw it", () => {
  const dash = { path: "params.a", message: expect.stringContaining("begin with `-`") as string };
  expect(argvOf(["x", "{a}"], { a: text }, { a: "--eval" })).toEqual([dash]);
  expect(argvOf(["x"], { a: text }, { a: "-e" })).toEqual([dash]);
  expect(argvOf(["x", "{a}{b}"], { a: text, b: text }, { a: "", b: "-e" })).toEqual([dash]);
  expect(argvOf(["x", "--", "{a}"], { a: text }, { a: "-e" })).toEqual(["x", "--", "-e"]);
  expect(argvOf(["x", "--grep={a}"], { a: text }, { a: "-e" })).toEqual(["x", "--grep=-e"]);
  expect(argvOf(["x", "{a}"], { a: { ...text, pattern: "-[vq]" } }, { a: "-q" })).toEqual(["x", "-q"]);
  expect(argvOf(["x", "{a}"], { a: { type: "integer", min: -9 } }, { a: -9 })).toEqual(["x", "-9"]);
});

test("[T13] a shell finds values in variables and never reads them as its own language", () => {
  const value = "'; rm -rf / #`$(x)`\n";
  const command = { root: "web", command: 'grep "$PARAM_WORD"', params: { word: text, other: text } };
  expect(resolve(command, { params: { word: value } })).toMatchObject({
    request: { command: 'grep "$PARAM_WORD"', env: { PARAM_WORD: value, PARAM_OTHER: "" } },
  });
  expect(resolve(command, { params: { word: "-f" } })).toMatchObject({
    refusal: { errors: [{ path: "params.word" }] },
  });
});

test("[T13] whatever the values are, argv has no more elements than its owner wrote, and no further option", () => {
  const token = fc.oneof(fc.string(), fc.constantFrom("--", "-x", "{a}", "{b}", "--a={a}", "{a}{b}", "{c}"));
  const values = fc.record({ a: fc.option(fc.string()), b: fc.option(fc.constantFrom("-e", "--", "{a}", "x")) });
  fc.assert(
    fc.property(fc.array(token, { minLength: 1 }), values, (rest, { a, b }) => {
      const argv = ["program", ...rest];
      const params = new Map<string, FilledParam>([
        ["a", { text: a, mayBeginWithDash: false }],
        ["b", { text: b, mayBeginWithDash: false }],
      ]);
      const filled = fillArgv(argv, params);
      if (!filled.ok) return;
      const unplaced = ["a", "b"].filter((name) => !argv.some((one) => one.includes(`{${name}}`)));
      expect(filled.argv.length).toBeLessThanOrEqual(argv.length + unplaced.length);
      expect(filled.argv[0]).toBe("program");
      const options = (all: readonly string[]): number => {
        const end = all.indexOf("--");
        return all.slice(0, end === -1 ? undefined : end).filter((one) => one.startsWith("-")).length;
      };
      expect(options(filled.argv)).toBeLessThanOrEqual(options(argv));
    }),
  );
});
