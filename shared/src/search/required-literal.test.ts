import fc from "fast-check";
import { expect, test } from "vitest";
import { compilePattern } from "../pattern.ts";
import { requiredLiteral } from "./required-literal.ts";

test.for([
  { source: "ready", literal: "ready" },
  { source: "^ready$", literal: "ready" },
  { source: "port \\d+ is taken", literal: " is taken" },
  { source: "a\\.b\\.c", literal: "a.b.c" },
  { source: "abcd?", literal: "abc" },
  { source: "abc+def", literal: "abc" },
  { source: "ab*cde", literal: "cde" },
  { source: "x{0,3}yz", literal: "yz" },
  { source: "(?:error: )+(no|lost) route", literal: "error: " },
  { source: "(error)?warning", literal: "warning" },
  { source: "[abc]def[[:alpha:]\\]]", literal: "def" },
  { source: "(?P<name>hello)x", literal: "hello" },
  { source: "größe", literal: "größe" },
  { source: "a{b", literal: "a{b" },
  { source: "\\x61bc", literal: "bc" },
  { source: "\\pLabc\\p{Greek}", literal: "abc" },
  { source: "error|warning", literal: null },
  { source: "(error|warning)", literal: null },
  { source: "(?i)ready", literal: null },
  { source: "\\Qa.b\\E", literal: null },
  { source: "\\w+\\s*", literal: null },
  { source: "a", literal: null },
])("[R38] every match of $source holds $literal", ({ source, literal }) => {
  expect(compilePattern(source).ok).toBe(true);
  expect(requiredLiteral(source)).toBe(literal);
});

test("[R38] whatever the pattern, where it matches its literal is there", () => {
  const atom = fc.constantFrom(
    "a",
    "b",
    "ab",
    "abc",
    ".",
    "\\.",
    "\\d",
    "\\x61",
    "[ab]",
    "[^a]",
    "[]a]",
    "[[:alpha:]]",
    "^",
    "$",
    "\\b",
    "\\pL",
    "{",
    "}",
    "]",
    "é",
    "\\141",
    "-",
  );
  const repeat = fc.constantFrom("", "", "", "*", "+", "?", "{2}", "{0,1}", "{1,}", "*?", "{,2}", "{x}");
  const { pattern } = fc.letrec<{ pattern: string; part: string }>((tie) => ({
    part: fc.oneof(
      { depthSize: "small" },
      fc.tuple(atom, repeat).map((parts) => parts.join("")),
      fc
        .tuple(fc.constantFrom("(", "(?:", "(?P<n>"), tie("pattern"), fc.constant(")"), repeat)
        .map((parts) => parts.join("")),
    ),
    pattern: fc.array(tie("part"), { maxLength: 4 }).chain((parts) => fc.constantFrom(parts.join(""), parts.join("|"))),
  }));
  const text = fc.string({
    unit: fc.constantFrom("a", "b", "c", ".", "é", "1", "{", "}", "]", "-", "x", ","),
    maxLength: 12,
  });
  let matched = 0;
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 5, maxLength: 5 }), (source, texts) => {
      const compiled = compilePattern(source);
      const literal = requiredLiteral(source);
      if (!compiled.ok || literal === null) return;
      for (const one of [...texts, `${texts[0]}${literal}${texts[1]}`]) {
        if (compiled.value.find(one) === null) continue;
        matched++;
        expect(one).toContain(literal);
      }
    }),
    { numRuns: 2000 },
  );
  expect(matched).toBeGreaterThan(50);
});
