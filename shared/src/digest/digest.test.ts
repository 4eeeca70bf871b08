import fc from "fast-check";
import { expect, test } from "vitest";
import type { OutputPiece } from "../render/line.ts";
import { Digester } from "./digest.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

function digestPieces(pieces: readonly OutputPiece[], maxChars = 4000): string {
  const digester = new Digester({ decode, maxChars, run: 3 });
  for (const piece of pieces) digester.take(piece);
  return digester.end();
}

const digest = (text: string, maxChars?: number): string =>
  digestPieces([{ stream: "stdout", offset: 0, at: 0, bytes: encoder.encode(text) }], maxChars);

// Each tool's own recordings are digested in test/outputs; here is what those do not show.
test.for([
  {
    name: "TAP",
    output:
      "TAP version 13\n# Subtest: sum\n    # Subtest: adds\n    not ok 1 - adds\n      ---\n      error: 'expected 3'\n      ...\n    not ok 2 - later # TODO soon\n    1..2\nnot ok 1 - sum\nok 2 - holds\n1..2\n# tests 3\n# pass 1\n# fail 1\n# duration_ms 12.7\n",
    told: ["TAP: 3 tests, 1 passed, 1 failed in 13ms", "failing tests (1):\n  sum > adds @3.50", "error: 'expected 3'"],
  },
  {
    name: "Surefire 2",
    output:
      "[ERROR] Tests run: 1, Failures: 1, Errors: 0, Skipped: 0, Time elapsed: 0.05 s <<< FAILURE! - in com.x.CartTest\n[ERROR] adds(com.x.CartTest)  Time elapsed: 0.01 s  <<< FAILURE!\njava.lang.AssertionError: expected:<3> but was:<2>\n\tat com.x.CartTest.adds(CartTest.java:9)\n",
    told: ["  com.x.CartTest.adds — java.lang.AssertionError: expected:<3> but was:<2>", "CartTest.java:9"],
  },
  {
    name: "Gradle",
    output:
      "\nCartTest > adds() FAILED\n    org.opentest4j.AssertionFailedError at CartTest.java:12\n\n2 tests completed, 1 failed\n",
    told: ["  CartTest > adds() — org.opentest4j.AssertionFailedError at CartTest.java:12"],
  },
  {
    name: "pytest that was interrupted",
    output: `${"=".repeat(20)} test session starts ${"=".repeat(20)}\n________ test_one ________\n\nE   assert 1 == 2\n`,
    told: ["failing tests (1):\n  test_one @", "E   assert 1 == 2"],
  },
  {
    name: "a Go test that fails without a word",
    output:
      "--- FAIL: TestOne (0.00s)\n    --- FAIL: TestOne/a (0.00s)\n--- FAIL: TestTwo (0.00s)\nFAIL\nFAIL\texample.com/app\t0.1s\nok  \texample.com/b\t(cached)\n",
    told: ["failing tests (2):\n  TestOne/a @", "  TestTwo @", "1 packages failed, 1 packages passed"],
  },
  {
    name: "Java's exceptions, once with a count",
    output:
      'Exception in thread "main" com.x.ShopException: no stock for 12\n\tat com.x.Shop.take(Shop.java:3)\nCaused by: java.io.IOException: gone\n\t... 3 more\ncom.x.ShopException: no stock for 13\n\tat com.x.Shop.take(Shop.java:3)\n',
    told: ["stack traces:\n  2× com.x.ShopException: no stock for 12 < com.x.Shop.take(Shop.java:3) @3.0"],
  },
  {
    name: "a program that logs levels",
    output:
      'INFO error handler installed\n{"level":"warn","msg":"slow"}\nts=1 level=error msg="no route 7"\nts=2 level=error msg="no route 8"\n[WARN] retry 3\n[WARN] retry 4\n0 errors, 0 warnings\n',
    told: ['errors (2 of 1 kinds):\n  2× ts=1 level=error msg="no route 7"', "  2× [WARN] retry 3", '"level":"warn"'],
  },
  {
    name: "addresses and ports",
    output:
      "Server listening on port 3000\n  Local: http://127.0.0.1:5173/app\nTomcat started on port(s): 8080 (http)\nsee https://example.com/docs\nListening on [::]:9090\n",
    told: ["announced:\n  port 3000 @3.0\n  http://127.0.0.1:5173/app @3.30\n  port 8080 @3.65\n  port 9090 @"],
  },
  {
    name: "how long things took",
    output: "webpack compiled in 312 ms\nBUILD SUCCESSFUL in 3s\n",
    told: ["took:\n  webpack compiled in 312 ms @3.0\n  BUILD SUCCESSFUL in 3s @"],
  },
  {
    name: "clang and esbuild",
    output: "a.c:1:2: fatal error: 'x.h' file not found\n✘ [ERROR] Could not resolve \"y\"\n",
    told: ["errors (2):\n  a.c:1:2: fatal error: 'x.h' file not found", "Could not resolve"],
  },
])("[R35] $name", ({ output, told }) => {
  const text = digest(output);
  for (const part of told) expect(text).toContain(part);
});

test("[R35] the first and the last error come with the lines around them", () => {
  const noise = Array.from({ length: 500 }, (_, index) => `step ${index}`).join("\n");
  const output = `${noise}\nbefore one\nERROR one\nafter one\n${noise}\nERROR two\n${noise}\nbefore three\nERROR three\nafter three\n${noise}\n`;
  const text = digest(output);
  expect(text).toContain(
    `first error:\n  @3.${output.indexOf("ERROR one")}\n  step 499\n  before one\n  ERROR one\n  after one\n`,
  );
  expect(text).toContain(
    `last error:\n  @3.${output.indexOf("ERROR three")}\n  before three\n  ERROR three\n  after three\n`,
  );
});

test("[R35] output without a fault says so, and one with a gap shows it", () => {
  expect(digest("all good\n")).toBe("1 lines, 9 bytes, @3.0 to @3.9\nno errors, warnings or failing tests found\n");
  const digester = new Digester({ decode, maxChars: 2000, run: 3 });
  digester.gap({ from: 0, to: 100, reason: "overflow" });
  expect(digester.end()).toContain("lost:\n[gap: 100 bytes lost (overflow), offsets 0–100]\n");
});

const line = fc.oneof(
  fc.constantFrom(
    " FAIL  a.test.js > one",
    "AssertionError: no",
    "--- FAIL: TestA (0.1s)",
    "    a.go:3: why",
    "Traceback (most recent call last):",
    "panic: x",
    "goroutine 1 [running]:",
    "\tat com.x.Y.z(Y.java:1)",
    "FAILED a.py::b - c",
    "TAP version 13",
    "not ok 1 - a",
    "✖ a (1ms)",
    "error[E0425]: x",
    " --> a.rs:1:2",
    "[ERROR] a.B.c -- Time elapsed: 0.1 s <<< FAILURE!",
    "  ● a › b",
    "test a ... FAILED",
    "thread 'a' panicked at b:",
  ),
  fc.string({
    unit: fc.constantFrom("E", "error", " ", "warn", "1", "/", ":", "ü", "at ", "\u{1b}[1m"),
    maxLength: 30,
  }),
);

test("[R36] every cursor of a digest is the beginning of a line", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 40 }), (lines) => {
      const output = lines.map((one) => `${one}\n`).join("");
      const bytes = encoder.encode(output);
      const text = digest(output);
      for (const [, offset] of text.matchAll(/@3\.(\d+)$/gm)) {
        const at = Number(offset);
        expect(at === 0 || at === bytes.length || bytes[at - 1] === 10).toBe(true);
      }
    }),
  );
});

test("[R36] a digest keeps within its budget, and is the same in whatever pieces the output comes", () => {
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 60 }),
      fc.nat(300),
      fc.integer({ min: 100, max: 3000 }),
      (lines, cut, max) => {
        const bytes = encoder.encode(lines.map((one) => `${one}\n`).join(""));
        // Between characters, as output is cut.
        let at = Math.min(cut, bytes.length);
        while (at < bytes.length && (bytes[at]! & 0xc0) === 0x80) at++;
        const piece = (from: number, to: number): OutputPiece => ({
          stream: "stdout",
          offset: from,
          at: 0,
          bytes: bytes.subarray(from, to),
        });
        const whole = digestPieces([piece(0, bytes.length)], max);
        expect(whole.length).toBeLessThanOrEqual(max);
        if (at > 0) expect(digestPieces([piece(0, at), piece(at, bytes.length)], max)).toBe(whole);
      },
    ),
  );
});

// Anything that is not linear would take hours for these.
test.for([
  { name: "one line", part: "x", times: 2_000_000 },
  { name: "brackets", part: "[", times: 2_000_000 },
  { name: "lines of brackets", part: `${"(".repeat(1999)}\n`, times: 300 },
  { name: "lines of spaces", part: `${" ".repeat(1999)}at\n`, times: 300 },
  { name: "lines of words", part: `${"error ".repeat(300)}\n`, times: 500 },
  { name: "lines of dots", part: `${"a.".repeat(900)}\n`, times: 500 },
  { name: "lines of digits and slashes", part: `${"1/".repeat(900)}warning\n`, times: 500 },
  {
    name: "lines of levels",
    part: `${"a".repeat(40)} ${"b".repeat(40)} ${"c".repeat(40)} ${"-".repeat(1800)}\n`,
    times: 500,
  },
  { name: "failing tests", part: "FAILED a.py::b - c\n", times: 30_000 },
  { name: "frames", part: "    at a (b.js:1:2)\n", times: 30_000 },
])("[R36] $name in bulk take time linear in them", ({ part, times }) => {
  expect(digest(part.repeat(times), 2000).length).toBeLessThanOrEqual(2000);
});

test("[R36] ever new kinds of lines are counted within bounds", () => {
  const output = Array.from(
    { length: 5000 },
    (_, index) => `ERROR ${"abcdefghij".charAt(index % 10).repeat(1 + index / 10)}\nFAILED t.py::t${index}`,
  );
  const text = digest(output.join("\n"), 1000);
  expect(text).toContain("failing tests (5000):");
  expect(text).toMatch(/ {2}… \d+ more\n/);
});
