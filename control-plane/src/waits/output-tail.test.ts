import fc from "fast-check";
import { expect, test } from "vitest";
import { maxWaitOutputChars } from "@longwire/shared/limits.ts";
import { addOutput, emptyTail, readTail } from "./output-tail.ts";

const encoder = new TextEncoder();
const tailOf = (pieces: readonly Uint8Array[]): ReturnType<typeof readTail> =>
  readTail(pieces.reduce(addOutput, emptyTail));

test("[R11] short output comes whole", () => {
  expect(tailOf([])).toEqual({ output: "", omitted_bytes: 0 });
  expect(tailOf([encoder.encode("\u{feff}hé"), encoder.encode("llo")])).toEqual({
    output: "\u{feff}héllo",
    omitted_bytes: 0,
  });
});

test("[R11] long output is cut between characters, and what lies before is counted in bytes", () => {
  const text = `ab${"😀".repeat(maxWaitOutputChars)}`;
  expect(tailOf([encoder.encode(text)])).toEqual({ output: "😀".repeat(maxWaitOutputChars), omitted_bytes: 2 });
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme", maxLength: 3000 }), { maxLength: 6 }), (texts) => {
      const { output, omitted_bytes: omitted } = tailOf(texts.map((one) => encoder.encode(one)));
      const characters = Array.from(texts.join(""));
      expect(output).toBe(characters.slice(-maxWaitOutputChars).join(""));
      expect(omitted).toBe(encoder.encode(characters.slice(0, -maxWaitOutputChars).join("")).length);
    }),
  );
});

test("[R11] bytes that are not UTF-8 come as U+FFFD", () => {
  expect(tailOf([new Uint8Array([0x41, 0xff, 0x80, 0x42])])).toEqual({
    output: "A\u{fffd}\u{fffd}B",
    omitted_bytes: 0,
  });
  const { output, omitted_bytes: omitted } = tailOf([new Uint8Array(10_000).fill(0xff)]);
  expect(output).toBe("\u{fffd}".repeat(maxWaitOutputChars));
  expect(omitted).toBe(10_000 - maxWaitOutputChars);
});
