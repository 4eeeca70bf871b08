import fc from "fast-check";
import { expect, test } from "vitest";
import { maxViewerMessageBytes } from "@longwire/shared/limits.ts";
import { maxTypedLength, typedPieces, withControl } from "./typed-pieces.ts";

test("[R84] pasted text comes whole, in pieces that a message holds", () => {
  const piece = fc.oneof(
    fc.string({ unit: "grapheme" }),
    fc.constant("\u001b".repeat(5000)),
    fc.constant("😀".repeat(5000)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 6 }), (parts) => {
      const text = parts.join("");
      const pieces = typedPieces(text);
      expect(pieces.join("")).toBe(text);
      for (const one of pieces) {
        expect(one.isWellFormed()).toBe(true);
        const message = { type: "input", n: Number.MAX_SAFE_INTEGER, process: "p".repeat(64), input: { text: one } };
        expect(new TextEncoder().encode(JSON.stringify(message)).byteLength).toBeLessThan(maxViewerMessageBytes);
      }
    }),
  );
  expect(typedPieces("x".repeat(maxTypedLength + 1)).map(({ length }) => length)).toEqual([maxTypedLength, 1]);
});

test("[R84] a key with Ctrl is its control character", () => {
  expect(["c", "C", "[", "_", "@", "1", "é"].map(withControl)).toEqual([
    "\u0003",
    "\u0003",
    "\u001b",
    "\u001f",
    "\u0000",
    "1",
    "é",
  ]);
});
