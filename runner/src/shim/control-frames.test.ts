import fc from "fast-check";
import { expect, test } from "vitest";
import { ControlDecoder, encodeHint, encodeMessage } from "./control-frames.ts";

test("[P13] frames come out whole and in order, however the stream is cut", () => {
  const frame = fc.oneof(
    fc.record({ type: fc.constant("message" as const), value: fc.record({ type: fc.string(), id: fc.nat() }) }),
    fc.record({
      type: fc.constant("hint" as const),
      number: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
      bytes: fc.option(fc.uint8Array({ minLength: 1, maxLength: 200 })),
    }),
  );
  fc.assert(
    fc.property(
      fc.array(frame, { maxLength: 10 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 60 })),
      (frames, sizes) => {
        const stream = Buffer.concat(
          frames.map((one) =>
            one.type === "message"
              ? encodeMessage(one.value)
              : encodeHint(one.number, one.bytes === null ? [] : [one.bytes]),
          ),
        );
        const decoder = new ControlDecoder();
        const seen: unknown[] = [];
        for (let at = 0; at < stream.byteLength;) {
          const size = sizes.next().value ?? 1;
          seen.push(...decoder.push(stream.subarray(at, at + size)));
          at += size;
        }
        expect(seen).toEqual(
          frames.map((one) =>
            one.type === "hint" && one.bytes !== null ? { ...one, bytes: Buffer.from(one.bytes) } : one,
          ),
        );
      },
    ),
  );
});

test("[P13] a stream that is none of ours is refused", () => {
  expect(() => new ControlDecoder().push(Buffer.alloc(8, 0xff))).toThrow(RangeError);
});
