import fc from "fast-check";
import { expect, test } from "vitest";
import { joinFrame, splitFrame } from "./frame.ts";

test("[D7] header and payload come back from a frame as they went in", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.array(fc.uint8Array()), (header, pieces) => {
      const parts = splitFrame(joinFrame(header, pieces));
      expect(parts?.header).toEqual(header);
      expect([...(parts?.payload ?? [])]).toEqual(pieces.flatMap((piece) => [...piece]));
    }),
  );
});

test("[D7] a frame whose header reaches beyond its end is refused", () => {
  const frame = joinFrame(new Uint8Array(10), [new Uint8Array(3)]);
  expect(splitFrame(frame.subarray(0, 13))).toBeNull();
  expect(splitFrame(frame.subarray(0, 14))?.payload.byteLength).toBe(0);
  expect(splitFrame(new Uint8Array(3))).toBeNull();
});
