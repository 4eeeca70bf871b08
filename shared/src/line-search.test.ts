import fc from "fast-check";
import { expect, test } from "vitest";
import { maxMatchChars, maxSearchLineBytes } from "./limits.ts";
import { searchBytes, searchFrom, searchPending, type LineMatch, type LineSearch } from "./line-search.ts";
import { patternOf } from "./fixtures/pattern-of.ts";
import { compilePattern } from "./pattern.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

/** The first match in `text`, given in pieces that end at `cuts`; else what is left unfinished. */
function search(text: string, source: string, cuts: readonly number[] = []): LineSearch | LineMatch {
  const bytes = encoder.encode(text);
  const pattern = patternOf(source);
  let state = searchFrom(0);
  let from = 0;
  for (const to of [...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length]) {
    const next = searchBytes(state, bytes.subarray(from, to), pattern, decode);
    if ("text" in next) return next;
    state = next;
    from = to;
  }
  return state;
}

test.for([
  { name: "a whole line", text: "one\nready\n", pattern: "^ready$", text_: "ready", end: 10 },
  { name: "the first of two", text: "ready 1\nready 2\n", pattern: "ready", text_: "ready 1", end: 8 },
  { name: "bytes, not characters", text: "é😀\nready\n", pattern: "ready", text_: "ready", end: 13 },
  { name: "a carriage return at the end", text: "ready\r\n", pattern: "ready$", text_: "ready", end: 7 },
  { name: "colours", text: "\u{1b}[32mrea\u{1b}[1mdy\u{1b}[0m\r\n", pattern: "^ready$", text_: "ready", end: 20 },
  { name: "a character that is not ASCII", text: "größe 3\n", pattern: "\\pL+ß", text_: "größe 3", end: 10 },
])("[R10] a match is found in $name", ({ text, pattern, text_, end }) => {
  expect(search(text, pattern)).toEqual({ text: text_, end });
});

test("[R10] an unfinished line is kept, and matches only when asked for as it stands", () => {
  const state = search("one\nPassword: ", "word: $");
  expect(state).toEqual({ start: 4, pending: encoder.encode("Password: ") });
  expect(searchPending(state as LineSearch, patternOf("word: $"), decode)).toEqual({ text: "Password: ", end: 14 });
  expect(searchPending(state as LineSearch, patternOf("one"), decode)).toBeNull();
  expect(searchPending(searchFrom(4), patternOf(""), decode)).toBeNull();
});

test("[R10] a line of any length is searched, with a bound on what is kept", () => {
  const long = `${"x".repeat(5 * maxSearchLineBytes)}needle${"y".repeat(maxSearchLineBytes)}`;
  const found = search(`${long}\n`, "needle");
  expect(found).toMatchObject({ text: expect.stringMatching(/^needley+$/) as string });
  expect((found as LineMatch).text).toHaveLength(maxMatchChars);
  const open = search(long, "nothing") as LineSearch;
  expect(open.pending.length).toBeLessThanOrEqual(maxSearchLineBytes);
  expect(open.start + open.pending.length).toBe(long.length);
});

test("[R10] the same output in any pieces gives the same match", () => {
  const word = fc.constantFrom(
    "ready",
    "re",
    "ady",
    "\n",
    "\r\n",
    "é",
    "\u{1b}[31m",
    "x".repeat(9000),
    "x".repeat(17_000),
  );
  const pieces = fc.array(fc.nat(60_000), { maxLength: 8 });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), pieces, (words, cuts) => {
      const text = words.join("");
      expect(search(text, "ready", cuts)).toEqual(search(text, "ready"));
    }),
  );
});

test("[R10] a pattern is RE2: what it refuses is said in its words, and a hostile one takes linear time", () => {
  for (const [source, word] of [
    ["(a", "missing closing )"],
    ["(?=a)", "(?="],
    ["(a{1000}){1000}", "repeat count"],
  ] as const) {
    const refused = compilePattern(source);
    expect(refused).toMatchObject({ ok: false, refusal: { code: "invalid_request", errors: [{ path: "pattern" }] } });
    expect(refused.ok ? "" : refused.refusal.detail).toContain(word);
  }
  // With backtracking this would not end.
  expect(search(`${"a".repeat(16_000)}b\n`, "(a+)+$")).toMatchObject({ start: 16_002 });
  expect(patternOf("ready").weight).toBe(1);
  expect(patternOf("(?i)(.*a.{900}|.*b.{90}c)z").weight).toBeGreaterThan(20);
});

test("[R10] the beginning of a line is kept though its bytes are written over", () => {
  const buffer = Buffer.from("rea");
  const state = searchBytes(searchFrom(0), buffer, patternOf("ready"), decode) as LineSearch;
  buffer.fill(0);
  expect(searchBytes(state, encoder.encode("dy\n"), patternOf("ready"), decode)).toEqual({ text: "ready", end: 6 });
});
