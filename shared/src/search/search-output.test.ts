import fc from "fast-check";
import { expect, test } from "vitest";
import { patternOf } from "../fixtures/pattern-of.ts";
import { requiredLiteral } from "./required-literal.ts";
import { OutputSearch, type OutputMatch, type SearchResult, type SearchTerms } from "./search-output.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const decode = (bytes: Uint8Array): string => decoder.decode(bytes);

function terms(source: string, more: Partial<SearchTerms> = {}): SearchTerms {
  const bounds = { context: 0, maxMatches: 1000, maxSteps: 1e9 };
  return { pattern: patternOf(source), literal: requiredLiteral(source), decode, ...bounds, ...more };
}

/** Searches from an offset, in pieces of `size` bytes. */
function search(output: string, with_: SearchTerms, from = 0, size = 1000): SearchResult {
  const bytes = encoder.encode(output);
  const found = new OutputSearch(with_, from);
  for (let at = from; at < bytes.length && found.isOpen; at += size) found.take(at, bytes.subarray(at, at + size));
  return found.end(true);
}

const texts = ({ matches }: SearchResult): string[] => matches.map(({ text }) => text);

test("[R38] matches come with their places and the lines around them", () => {
  const output = "one\ntwo\nERR é\nthree\nfour\nERR 2\nERR 3\nfive";
  const { matches, next, isCut } = search(output, terms("ERR", { context: 1 }));
  expect(matches).toEqual([
    { start: 8, end: 15, text: "ERR é", before: ["two"], after: ["three"] },
    { start: 26, end: 32, text: "ERR 2", before: ["four"], after: ["ERR 3"] },
    { start: 32, end: 38, text: "ERR 3", before: ["ERR 2"], after: ["five"] },
  ]);
  expect({ next, isCut }).toEqual({ next: 42, isCut: false });
});

test("[R38] escape sequences are no part of what is matched", () => {
  expect(texts(search("\u{1b}[32mrea\u{1b}[1mdy\u{1b}[0m\r\nother\n", terms("^ready$")))).toEqual(["ready"]);
});

test("[R38] with and without a literal to look for, in whatever pieces, the same lines are found", () => {
  const line = fc.string({
    unit: fc.constantFrom("a", "b", "ab", "é", "\u{1b}[1m", "\r", " ", "\n", "😀"),
    maxLength: 20,
  });
  fc.assert(
    fc.property(
      fc.array(line, { maxLength: 30 }),
      fc.constantFrom("ab", "^ab$", "a b", "b+a", "éa", "ab.*b", "[ab]b"),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 0, max: 3 }),
      (lines, source, size, context) => {
        const output = lines.map((one) => `${one}\n`).join("");
        const plain = search(output, terms(source, { literal: null, context }));
        expect(search(output, terms(source, { context }), 0, size)).toEqual(plain);
        const expected = output
          .split("\n")
          .slice(0, -1)
          .filter((one) => patternOf(source).find(one.replaceAll("\u{1b}[1m", "").replaceAll("\r", "")) !== null);
        expect(plain.matches).toHaveLength(expected.length);
      },
    ),
  );
});

test("[R39] a search that reaches a bound says where to go on, and searches that follow one another find each match once", () => {
  const lines = fc.array(fc.constantFrom("hit", "miss", "a hit and a hit", "x".repeat(50), ""), { maxLength: 60 });
  fc.assert(
    fc.property(
      lines,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 50, max: 400 }),
      fc.nat(2),
      (all, maxMatches, maxSteps, context) => {
        const output = all.map((one) => `${one}\n`).join("");
        const found: OutputMatch[] = [];
        let from = 0;
        for (let round = 0; ; round++) {
          expect(round).toBeLessThan(200);
          const { matches, next, isCut } = search(output, terms("hit", { maxMatches, maxSteps, context }), from, 64);
          expect(matches.length).toBeLessThanOrEqual(maxMatches);
          found.push(...matches);
          if (!isCut) break;
          expect(next).toBeGreaterThan(from);
          from = next;
        }
        const whole = search(output, terms("hit")).matches;
        expect(found.map(({ start, end, text }) => ({ start, end, text }))).toEqual(
          whole.map(({ start, end, text }) => ({ start, end, text })),
        );
      },
    ),
  );
});

test("[R39] a search that is stopped at any time gets on, and is gone on with where it stopped", () => {
  const lines = fc.array(fc.constantFrom("hit", "miss", "x".repeat(50), ""), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(lines, fc.integer({ min: 1, max: 80 }), (all, size) => {
      const bytes = encoder.encode(all.map((one) => `${one}\n`).join(""));
      const found: OutputMatch[] = [];
      for (let from = 0, isCut = true; isCut;) {
        const one = new OutputSearch(terms("hit"), from);
        for (let at = from; at < bytes.length && one.isOpen; at += size) {
          one.take(at, bytes.subarray(at, at + size));
          one.stop();
        }
        const { matches, next, isCut: isMore } = one.end(true);
        found.push(...matches);
        if (isMore) expect(next).toBeGreaterThan(from);
        from = next;
        isCut = isMore;
      }
      const whole = search(all.map((one) => `${one}\n`).join(""), terms("hit")).matches;
      expect(found.map(({ start }) => start)).toEqual(whole.map(({ start }) => start));
    }),
  );
});

test("[R39] long lines are searched in pieces, each match shown where it is", () => {
  const output = `${"x".repeat(50_000)}needle${"y".repeat(50_000)}\nneedle\n`;
  for (const size of [1000, 70_000, 200_000]) {
    const { matches, next } = search(output, terms("needle"), 0, size);
    expect(matches.map(({ text }) => text.startsWith("needle"))).toEqual([true, true]);
    expect(next).toBe(output.length);
  }
});

test("[R39] a pattern made to take long does not", () => {
  const { next } = search(`${"a".repeat(500_000)}!\n`, terms("(a+)+$"));
  expect(next).toBe(500_002);
  const cut = search("a".repeat(100).concat("\n").repeat(1000), terms("(a|aa){1,100}b", { maxSteps: 20_000 }));
  expect(cut.isCut).toBe(true);
  expect(cut.next).toBeLessThan(50_000);
});

test("[R39] where output is lost the line before is searched as it stands", () => {
  const found = new OutputSearch(terms("hit"), 0);
  found.take(0, encoder.encode("a\nhit"));
  found.take(100, encoder.encode("more\nhit\n"));
  expect(found.end(true).matches.map(({ start, end }) => ({ start, end }))).toEqual([
    { start: 2, end: 5 },
    { start: 105, end: 109 },
  ]);
});
