import fc from "fast-check";
import { expect, test } from "vitest";
import { OutputCutter } from "./output-cutter.ts";

const limit = 66 * 1024;

function cutAll(chunks: readonly Uint8Array[]): Buffer[] {
  const cutter = new OutputCutter();
  const pieces = chunks.flatMap((chunk) => cutter.cut(Buffer.from(chunk)));
  const rest = cutter.finish();
  return rest.byteLength === 0 ? pieces : [...pieces, rest];
}

test("[P5] every byte comes out, in order, however it came in", () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 20 }), (chunks) => {
      const pieces = cutAll(chunks);
      expect(Buffer.concat(pieces).equals(Buffer.concat(chunks))).toBe(true);
      expect(pieces.every((piece) => piece.byteLength > 0 && piece.byteLength <= limit)).toBe(true);
    }),
  );
});

test("[P5] a text comes out in pieces that are texts, however it came in", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom("a", "\u0000", "é", "€", "\uffff", "😀", "\u{10ffff}"), { maxLength: 30 }),
      fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 10 }),
      (characters, sizes) => {
        const text = characters.join("");
        const bytes = Buffer.from(text);
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.byteLength;) {
          const size = sizes[chunks.length % sizes.length] ?? 1;
          chunks.push(bytes.subarray(at, at + size));
          at += size;
        }
        expect(
          cutAll(chunks)
            .map((piece) => piece.toString("utf8"))
            .join(""),
        ).toBe(text);
      },
    ),
  );
});

test("[P5] a long run of characters is cut at the limit, between two of them", () => {
  const bytes = Buffer.from("€".repeat(50_000));
  const pieces = cutAll([Buffer.from("x"), bytes]);
  expect(Buffer.concat(pieces).subarray(1).equals(bytes)).toBe(true);
  for (const piece of pieces) {
    expect(piece.byteLength).toBeLessThanOrEqual(limit);
    expect(piece.toString("utf8")).not.toContain("\uFFFD");
  }
});

test("[P5] a full read of a pipe is one piece, also behind a beginning that waited", () => {
  const read = Buffer.alloc(64 * 1024, "x");
  const begun = Buffer.from("€").subarray(0, 2);
  const rest = Buffer.concat([Buffer.from("€").subarray(2), read.subarray(1)]);
  expect(cutAll([begun, rest]).map((piece) => piece.byteLength)).toEqual([64 * 1024 + 2]);
});
