import fc from "fast-check";
import { expect, test } from "vitest";
import { Comparer } from "./compare.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

function compare(before: string, after: string, maxChars = 4000): string {
  const decode = (bytes: Uint8Array): string => decoder.decode(bytes);
  const comparer = new Comparer({ decode, maxChars, before: 1, after: 2 });
  comparer.takeBefore({ stream: "stdout", offset: 0, at: 0, bytes: encoder.encode(before) });
  comparer.endBefore();
  comparer.takeAfter({ stream: "stdout", offset: 0, at: 0, bytes: encoder.encode(after) });
  return comparer.end();
}

test("[R37] what is new comes errors first, and what is no more is told", () => {
  const before = "start 10:00:01\nlistening on port 3000\nERROR old trouble\ndone in 12 ms\n";
  const after =
    "start 10:02:07\nlistening on port 3001\nhello\nhello\nwarning: slow\nERROR new trouble 1\nERROR new trouble 2\ndone in 9 ms\n";
  expect(compare(before, after)).toBe(
    [
      "run 2 against run 1: 5 new lines of 3 kinds",
      "new errors (1):",
      "  2× ERROR new trouble 1 @2.64",
      "errors no more (1):",
      "  ERROR old trouble @1.38",
      "new warnings (1):",
      "  warning: slow @2.50",
      "new lines (1):",
      "  2× hello @2.38",
      "",
    ].join("\n"),
  );
});

test("[R37] runs that differ in numbers, times, hashes and colours alone have nothing new", () => {
  const before = "built 3 files in 1.2s (a1b2c3d4)\nsee /tmp/x/1\n\u{1b}[32mok\u{1b}[0m\n";
  const after = "built 5 files in 0.9s (99ffee01)\nsee /tmp/x/2\nok\n";
  expect(compare(before, after)).toBe("run 2 against run 1: nothing new\n");
  expect(compare("ERROR in a.ts\n", "ERROR in b.ts\n")).toContain("new errors (1):\n  ERROR in b.ts @2.0");
});

test("[R37] just the kinds the earlier run does not have are new, and the text keeps within its budget", () => {
  const line = fc.constantFrom("alpha", "beta", "gamma 1", "gamma 2", "ERROR one", "ERROR two", "warn x", "delta", "");
  fc.assert(
    fc.property(fc.array(line), fc.array(line), fc.integer({ min: 60, max: 400 }), (before, after, maxChars) => {
      const whole = compare(before.join("\n"), after.join("\n"));
      const kind = (text: string): string => text.replace(/\d/, "#");
      const known = new Set(before.map(kind));
      const fresh = after.filter((text) => text !== "" && !known.has(kind(text)));
      const kinds = new Set(fresh.map(kind)).size;
      const told = kinds === 0 ? "nothing new" : `${fresh.length} new lines of ${kinds} kinds`;
      expect(whole.split("\n")[0]).toBe(`run 2 against run 1: ${told}`);
      expect(compare(before.join("\n"), after.join("\n"), maxChars).length).toBeLessThanOrEqual(maxChars);
    }),
  );
});

test("[R37] lost output is said", () => {
  const comparer = new Comparer({ decode: () => "", maxChars: 500, before: 1, after: 2 });
  comparer.gapBefore({ from: 0, to: 5, reason: "overflow" });
  comparer.endBefore();
  expect(comparer.end()).toContain("output of these runs is lost");
});
