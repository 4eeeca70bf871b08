// What real tools print, rendered and digested.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { Digester } from "@longwire/shared/digest/digest.ts";
import { Renderer } from "@longwire/shared/render/render.ts";

const recorded = path.join(import.meta.dirname, "recorded");
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const decode = (bytes: Uint8Array): string => decoder.decode(bytes);
const read = (name: string): Uint8Array => readFileSync(path.join(recorded, `${name}.out`));

const digest = (name: string): string => {
  const digester = new Digester({ decode, maxChars: 2000, run: 1 });
  digester.take({ stream: "stdout", offset: 0, at: 0, bytes: read(name) });
  return digester.end();
};

const render = (name: string): string => {
  const renderer = new Renderer({ decode, maxChars: 40_000, markHole: () => "" });
  renderer.take({ stream: "stdout", offset: 0, at: 0, bytes: read(name) });
  return renderer.end().text;
};

const jsTests = ["adds negative numbers", "keeps strings apart", "answers for zero"];

test.for([
  {
    name: "vitest",
    failing: jsTests,
    error: "AssertionError: expected -3 to be -4",
    totals: "3 failed, 4 passed, 1 skipped",
  },
  { name: "vitest-tty", failing: jsTests, error: "AssertionError: expected -3 to be -4", totals: "3 failed, 4 passed" },
  { name: "jest", failing: jsTests, error: "Expected: -4", totals: "3 failed, 1 skipped, 4 passed, 8 total" },
  {
    name: "node-test",
    failing: ["sum > adds negative numbers", "answers for zero"],
    error: "-3 !== -4",
    totals: "1 passed, 2 failed",
  },
  {
    name: "pytest",
    failing: ["test_bank.py::test_withdraw", "test_bank.py::test_amounts[150]", "test_bank.py::test_with_database"],
    error: "RuntimeError: no database",
    totals: "2 failed, 2 passed, 1 skipped, 1 warning, 1 error in 1.08s",
  },
  {
    name: "go-test",
    failing: ["TestSum/negative", "TestFirst", "example.com/app/builds [build failed]"],
    error: 'builds/builds.go:3:27: cannot use "one"',
    totals: "3 packages failed",
  },
  {
    name: "cargo-test",
    failing: ["tests::adds_negative", "tests::unwraps"],
    error: "left: -3",
    totals: "1 passed, 2 failed, 1 ignored",
  },
  {
    name: "maven",
    failing: ["com.example.shop.CartTest.addsItems", "com.example.shop.OrderServiceTest.placesOrder"],
    error: "AssertionFailedError: expected: <3> but was: <2>",
    totals: "1 failed, 1 errors, 1 skipped, 5 tests in 4.512 s",
  },
])("[R35] $name: every failing test, the first error and the totals are in 2000 characters", (expected) => {
  const text = digest(expected.name);
  expect(text.length).toBeLessThanOrEqual(2000);
  expect(text).toContain(`failing tests (${expected.failing.length}):`);
  const names = text.slice(text.indexOf("failing tests"), text.indexOf("first error:"));
  for (const name of expected.failing) expect(names).toContain(name);
  expect(text.slice(text.indexOf("first error:"))).toContain(expected.error);
  expect(text).toContain(expected.totals);
});

test.for([
  { name: "tsc", told: ["src/config.ts(4,3): error TS2741", "errors (5):", "src/server.ts(9,7): error TS2345"] },
  { name: "tsc-tty", told: ["src/config.ts:4:3 - error TS2741", "errors (5):", "src/server.ts:9:7 - error TS2345"] },
  {
    name: "gcc",
    told: ["main.c:3:35: error: ‘valu’ undeclared", "errors (2):", "warnings (3):", "[-Wunused-variable]"],
  },
  { name: "javac", told: ["Main.java:3: error: incompatible types", "errors (2):"] },
  {
    name: "rustc",
    told: ["error[E0425]: cannot find value `missing` in this scope (src/main.rs:3:20)", "errors (2):"],
  },
  {
    name: "crashes",
    told: [
      "3× KeyError: 'key' < /home/me/app/main.py:2 in inner",
      "TypeError: Cannot read properties",
      "panic: no port < main.inner",
    ],
  },
  {
    name: "spring-boot",
    told: [
      "3× java.lang.IllegalStateException: no stock for item 43 < com.example.shop.Stock.take",
      "port 8080",
      "Started Application in 2.317 seconds",
      "errors (6 of 2 kinds):",
    ],
  },
  {
    name: "vite-tty",
    told: ["http://localhost:5173/", "ready in 205 ms", "no errors, warnings or failing tests found"],
  },
  { name: "npm-install-tty", told: ["added 278 packages in"] },
])("[R35] $name is told in 2000 characters", ({ name, told }) => {
  const text = digest(name);
  expect(text.length).toBeLessThanOrEqual(2000);
  for (const part of told) expect(text).toContain(part);
});

test.for([{ name: "npm-install-tty" }, { name: "pnpm-install-tty" }, { name: "vite-tty" }, { name: "vitest-tty" }])(
  "[R30] $name: rendered it is at most half of what was printed",
  ({ name }) => {
    const raw = decode(read(name));
    const text = render(name);
    expect(text.length).toBeLessThanOrEqual(raw.length / 2);
    expect(text).not.toContain("\u{1b}");
  },
);

test("[R30] of a progress display its last state stays, and of a live report the report", () => {
  expect(render("npm-install-tty")).toMatch(/^\nadded 278 packages in \d+s\n/);
  expect(render("vitest-tty").match(/Test Files/g)).toHaveLength(1);
  expect(render("vitest-tty")).not.toContain("[queued]");
  expect(
    render("pnpm-install-tty")
      .match(/^Progress: .*$/gm)
      ?.at(-1),
  ).toContain("done");
});

test("[R30] every recording is kept with its tool's version", () => {
  const versions = JSON.parse(readFileSync(path.join(recorded, "versions.json"), "utf8")) as Record<string, string>;
  const names = readdirSync(recorded).filter((file) => file.endsWith(".out"));
  expect(names.map((file) => file.slice(0, -".out".length)).sort()).toEqual(Object.keys(versions).sort());
});
