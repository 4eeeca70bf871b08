import fc from "fast-check";
import { expect, test } from "vitest";
import { readPolicyText } from "../admit/policy-source.ts";
import { Automaton } from "./automaton.ts";
import { parseBytePattern } from "./byte-pattern.ts";
import { checkPattern } from "./check-pattern.ts";
import { secretShapes } from "./secret-shapes.ts";

test("[T56] a pattern that could hold output back without end, or match what is short, is refused", () => {
  const faults: Readonly<Record<string, string>> = {
    ab: "fewer than 4",
    "a{0,9}": "fewer than 4",
    "key.*end": "without end",
    "abcd(x*y)?": "without end",
    "abcd.{0,2000}e": "counts wrongly",
    "abcd[^e]{0,700}e[^f]{0,500}f": "at most 1024",
    "abcd(?:.{0,999}e){2}f": "too large",
    "^abcd": "`^`",
    "abcd\\b": "`\\b`",
    "(?i)abcd": "flag",
    "abcd[[:alpha:]]": "[:",
    "abcd[é]": "ASCII",
  };
  for (const [source, fault] of Object.entries(faults))
    expect([source, checkPattern(source)]).toEqual([source, expect.stringContaining(fault)]);
  for (const source of ["corp-[a-z0-9]{20}", "abcd+", "(ab|cd)ef.{0,64}g", "\\d{4}-\\d{4}", "käse[^ ]{3,}"]) {
    expect([source, checkPattern(source)]).toEqual([source, null]);
  }
});

test("[T56] the policy file names the place, and lists no value that would mask ordinary text", () => {
  const read = (redact: object): unknown => readPolicyText(JSON.stringify({ version: 1, redact }));
  expect(read({ patterns: ["corp-[a-z]{8}", "a.*b-xyz"] })).toMatchObject({
    fault: { path: ["redact", "patterns", 1].join(".") },
  });
  expect(read({ values: ["abc"] })).toMatchObject({ fault: { path: "redact.values.0" } });
  expect(read({ values: ["env:X", "abcd"] })).toMatchObject({ ok: true });
});

test("[T50] every shape holds back little, and begins as it says", () => {
  for (const { name, begins, before = "", secret, after = "" } of secretShapes) {
    const pattern = `${before}(?:${secret})${after}`;
    expect([name, checkPattern(pattern)]).toEqual([name, null]);
    const automaton = new Automaton(parseBytePattern(pattern));
    expect(begins.every((begin) => begin.length >= 4 && walk(automaton, Buffer.from(begin)) !== null)).toBe(true);
    const ways = waysOf(automaton, 4);
    const isKnown = (way: string): boolean => begins.some((begin) => begin.slice(0, 4) === way);
    // A URL's user may begin with a letter that is none of ASCII; nobody's does.
    expect([name, ways.filter((way) => !isKnown(way) && !/[^\x20-\x7e]/.test(way))]).toEqual([name, []]);
  }
});

function walk(automaton: Automaton, bytes: Uint8Array): number | null {
  let state = automaton.start;
  for (const byte of bytes) state = state < 0 ? state : automaton.next(state, byte);
  return state < 0 ? null : state;
}

/** All beginnings of a length. */
function waysOf(automaton: Automaton, length: number): string[] {
  let ways: [string, number][] = [["", automaton.start]];
  for (let at = 0; at < length; at++) {
    ways = ways.flatMap(([text, state]) =>
      Array.from({ length: 256 }, (_, byte): [string, number] => [
        text + String.fromCharCode(byte),
        automaton.next(state, byte),
      ]).filter(([, next]) => next >= 0),
    );
  }
  return ways.map(([text]) => text);
}

test("[T56] patterns mean what they mean elsewhere", () => {
  const sources = ["corp-[a-z0-9]{3}", "(ab|a)c?d{2,3}", "x[^a-c]y|\\d+\\.\\w", "\\x41\\t?[-\\]z]+", "a.?b*?"];
  const letters = fc.string({ unit: fc.constantFrom(..."abcdxyzA0-9.]\t corp_".split("")), maxLength: 9 });
  fc.assert(
    fc.property(fc.constantFrom(...sources), letters, (source, text) => {
      const automaton = new Automaton(parseBytePattern(source));
      const state = walk(automaton, Buffer.from(text));
      expect(state !== null && automaton.accepts(state)).toBe(new RegExp(`^(?:${source})$`).test(text));
    }),
    { numRuns: 2000 },
  );
});
