import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeRecord, encodeRecord, inspectRecord } from "./record.ts";

const header = fc.string({ unit: "binary", maxLength: 300 });
const payload = fc.uint8Array({ maxLength: 2000 });
const join = (pieces: readonly Uint8Array[]): Buffer => Buffer.concat(pieces);

test("[D12] what is read from a record is what was written", () => {
  fc.assert(
    fc.property(header, payload, fc.nat(50), (text, bytes, before) => {
      const encoded = encodeRecord(text.toWellFormed(), bytes);
      const buffer = join([Buffer.alloc(before, 7), ...encoded.pieces, Buffer.from("next")]);
      expect(inspectRecord(buffer, before)).toEqual({ type: "record", length: encoded.length, check: encoded.check });
      const record = decodeRecord(buffer, before, encoded.length, 5);
      expect(record.header).toBe(text.toWellFormed());
      expect(Buffer.from(record.payload)).toEqual(Buffer.from(bytes));
      expect(record).toMatchObject({ number: 5, check: encoded.check });
    }),
  );
});

test("[D13] a record that is cut anywhere is short, never wrong", () => {
  const encoded = join(encodeRecord('{"type":"output"}', Buffer.from("some bytes")).pieces);
  for (let length = 0; length < encoded.byteLength; length++) {
    expect(inspectRecord(encoded.subarray(0, length), 0)).toMatchObject({ type: "short" });
  }
});

test("[D13] a changed byte is found, wherever it is", () => {
  fc.assert(
    fc.property(header, payload, fc.nat(), fc.integer({ min: 1, max: 255 }), (text, bytes, place, change) => {
      const encoded = join(encodeRecord(text, bytes).pieces);
      const at = place % encoded.byteLength;
      encoded[at] = (encoded[at] ?? 0) ^ change;
      expect(inspectRecord(encoded, 0).type).not.toBe("record");
    }),
  );
});

test("[D12] a record over its limits is refused", () => {
  expect(() => encodeRecord("", new Uint8Array(66 * 1024 + 1))).toThrow(RangeError);
  expect(() => encodeRecord("x".repeat(256 * 1024 + 1), new Uint8Array(0))).toThrow(RangeError);
});
