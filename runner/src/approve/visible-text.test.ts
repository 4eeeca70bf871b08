import fc from "fast-check";
import { expect, test } from "vitest";
import { quoteLines, quoteVisibly } from "./visible-text.ts";

const printed = /^"[\u0020-\u007e\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]*"$/;

test("[T43] what is shown steers nothing, and says exactly one text", () => {
  const pieces = ["\\", "u", "{", "1", "b", "}", '"', "\u001b", "\n", "a", "\u202e", "\u{e0041}", "\ud800"];
  const text = fc.string({ unit: fc.oneof(fc.constantFrom(...pieces), fc.string({ minLength: 1, maxLength: 1 })) });
  fc.assert(
    fc.property(text, (one) => {
      const lines = quoteLines(one);
      const isPlain = [quoteVisibly(one), ...lines].every((line) => printed.test(line));
      const again = lines.map((line) => readBack(line)).join("");
      // What can be read back in one way only was not said of two texts.
      return isPlain && readBack(quoteVisibly(one)) === one && again === one;
    }),
    { numRuns: 100 },
  );
});

test("[T43] characters that hide, turn, move or pass for others are spelled out", () => {
  const spelled: readonly (readonly [string, string])[] = [
    ["rm\u200b -rf", '"rm\\u{200b} -rf"'],
    ["\u202egpj.exe\u2066", '"\\u{202e}gpj.exe\\u{2066}"'],
    ["\u{e0041}\u{e0042}", '"\\u{e0041}\\u{e0042}"'],
    ["\u001b]52;c;AAAA\u0007", '"\\u{1b}]52;c;AAAA\\u{7}"'],
    ["\u009b31m", '"\\u{9b}31m"'],
    ["p\u0430ypal", '"p\\u{430}ypal"'],
    ["e\u0301", '"e\\u{301}"'],
    ["a\rb\bc\u007f", '"a\\rb\\u{8}c\\u{7f}"'],
    ["\u00a0\u00ad\ufeff", '"\\u{a0}\\u{ad}\\u{feff}"'],
    ["日\ud800", '"\\u{65e5}\\u{d800}"'],
    ["café ", '"café "'],
  ];
  for (const [text, shown] of spelled) expect(quoteVisibly(text)).toBe(shown);
});

/** What the shown text stands for. */
function readBack(shown: string): string {
  const short: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };
  return shown
    .slice(1, -1)
    .replaceAll(/\\(?:u\{([0-9a-f]+)\}|(.))/g, (_, hex: string | undefined, letter: string) =>
      hex === undefined ? (short[letter] ?? letter) : String.fromCodePoint(Number.parseInt(hex, 16)),
    );
}
