import fc from "fast-check";
import { expect, test } from "vitest";
import { countIncompleteTail } from "./utf8-border.ts";

const text = "aé€𝄞ß中🙂\u{10FFFF}\u07FF\u0800\uFFFF";

test("[P5] a text cut anywhere is cut before the character that is not whole", () => {
  const bytes = Buffer.from(text);
  for (let at = 0; at <= bytes.byteLength; at++) {
    const head = bytes.subarray(0, at);
    const whole = head.subarray(0, at - countIncompleteTail(head)).toString("utf8");
    expect(text.startsWith(whole)).toBe(true);
    expect(whole.includes("\uFFFD")).toBe(false);
    const held = bytes.subarray(Buffer.byteLength(whole), at);
    expect(held.byteLength).toBeLessThan(4);
    if (held.byteLength > 0) expect(new TextDecoder("utf-8").decode(held)).toMatch(/^\uFFFD+$/);
  }
});

test("[P5] whatever the bytes are, no more than a possible beginning of one character is held", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const held = countIncompleteTail(bytes);
      expect(held).toBeLessThan(4);
      if (held === 0) return;
      const tail = bytes.subarray(bytes.byteLength - held);
      const canGoOn = [
        [0x80],
        [0x90],
        [0xa0],
        [0x80, 0x80],
        [0x90, 0x80],
        [0xa0, 0x80],
        [0x80, 0x80, 0x80],
        [0x90, 0x80, 0x80],
      ].some((more) => {
        const whole = Buffer.concat([tail, Uint8Array.from(more)]);
        return !whole.toString("utf8").includes("\uFFFD") && /^.$/su.test(whole.toString("utf8"));
      });
      expect(canGoOn).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

test("[P5] bytes that begin no character are not held", () => {
  const cases = [
    [0xff],
    [0xc0],
    [0xc1],
    [0xf5],
    [0x80],
    [0xe0, 0x80],
    [0xed, 0xa0],
    [0xf0, 0x80],
    [0xf4, 0x90],
    [0xc3, 0xa9],
    [0xe2, 0x28],
  ];
  for (const bytes of cases) expect([bytes, countIncompleteTail(Uint8Array.from(bytes))]).toEqual([bytes, 0]);
});
