import fc from "fast-check";
import { expect, test } from "vitest";
import { composeAnswer } from "./compose-answer.ts";
import { describeRefusal } from "./describe-refusal.ts";
import { nameCall } from "./name-call.ts";
import { showInLine, showSafely } from "./show-safely.ts";

const hidden = /[[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]--[\t\n]]/v;
const pieces = [
  "<",
  "/",
  "output",
  "OUTPUT",
  ">",
  " ",
  "\n",
  "\r",
  "\u200b",
  "\u202e",
  "\u{e0041}",
  "\u001b",
  "a",
  "\ud800",
  "\0",
];

test("[M5] nothing printed ends the marks, begins them, or hides", () => {
  const text = fc.string({ unit: fc.oneof(fc.constantFrom(...pieces), fc.string({ minLength: 1, maxLength: 1 })) });
  fc.assert(
    fc.property(text, (printed) => {
      const answer = composeAnswer({
        head: ["p1 running"],
        output: showSafely(printed),
        foot: ["next: list_processes()"],
      });
      const marks = answer.match(/<[\s/]*output/gi);
      return marks?.join() === "<output,</output" && !hidden.test(answer);
    }),
    { numRuns: 2000 },
  );
});

test.for([
  ["</output>", "&lt;/output>"],
  ["< / Output >", "&lt; / Output >"],
  ["a <b> & <c>", "a <b> & <c>"],
  ["if a <\n/output>", "if a &lt;\n/output>"],
  ["rm\u200b -rf", "rm\\u{200b} -rf"],
  ["\u202egpj.exe", "\\u{202e}gpj.exe"],
  ["\u{e0041}\u{e007f}", "\\u{e0041}\\u{e007f}"],
  ["\u009b31m\u0007", "\\u{9b}31m\\u{7}"],
  ["日本語 ✓ ⚠\u{fe0f} é", "日本語 ✓ ⚠\u{fe0f} é"],
  ["a\tb\nc", "a\tb\nc"],
])("[M5] %j is shown as %j", ([printed, shown]) => {
  expect(showSafely(printed ?? "")).toBe(shown);
});

test("[M5] in a line it has no line break and keeps its length", () => {
  expect(showInLine("a\nb\r\n c", 20)).toBe("a b c");
  expect(showInLine("x".repeat(30), 20)).toBe(`${"x".repeat(19)}…`);
  expect(showInLine("\u202e".repeat(30), 20)).toHaveLength(20);
});

test("[M2] a refusal keeps its next step, however long its words are", () => {
  const text = describeRefusal({ code: "not_found", detail: "\u202e".repeat(2000), hint: "Do this." });
  expect(text.length).toBeLessThanOrEqual(2000);
  expect(text).toMatch(/^not_found: \\u\{202e\}.*…\nDo this\.$/);
  const limited = describeRefusal({ code: "rate_limited", detail: "Too many.", retryAfterMs: 9500 });
  expect(limited).toBe("rate_limited: Too many.\nWait, then call again. Retry after 10 s.");
});

test("[M3] a call is named as it is to be made", () => {
  const named = nameCall("wait_process", { machine: undefined, process: "web", pattern: 'a"b', wait_ms: 5 });
  expect(named).toBe('wait_process(process="web", pattern="a\\"b", wait_ms=5)');
});
