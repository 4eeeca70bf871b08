import fc from "fast-check";
import { expect, test } from "vitest";
import { OutputCutter } from "./output-cutter.ts";

const limit = 64 * 1024;

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
      expect(Buffer.concat(pieces)).toEqual(Buffer.concat(chunks));
      expect(pieces.every((piece) => piece.byteLength > 0 && piece.byteLength <= limit)).toBe(true);
    }),
  );
});

test("[P5] a text comes out in pieces that are texts, however it came in", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "binary", maxLength: 60 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 5 })),
      (raw, sizes) => {
        const text = raw.toWellFormed();
        const bytes = Buffer.from(text);
        const chunks: Buffer[] = [];
        for (let at = 0; at < bytes.byteLength;) {
          const size = sizes.next().value ?? 1;
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
  expect(Buffer.concat(pieces).subarray(1)).toEqual(bytes);
  for (const piece of pieces) {
    expect(piece.byteLength).toBeLessThanOrEqual(limit);
    expect(piece.toString("utf8")).not.toContain("\uFFFD");
  }
});
