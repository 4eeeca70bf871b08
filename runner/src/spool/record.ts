// One record of a spool, in memory and on disk. Little endian throughout:
//
//   u32 body length | u32 CRC-32 of body | body       body = u32 header length | header | payload
//
// The header is one fact of the wire as JSON; it is handed on as text and never parsed on the way.

import { crc32 } from "node:zlib";
import { maxRecordHeaderBytes, maxRecordPayloadBytes } from "@longwire/shared/limits.ts";

/** Bytes before a record's body. */
export const recordPrefixBytes = 8;
const headerPrefixBytes = 4;
const maxBodyBytes = headerPrefixBytes + maxRecordHeaderBytes + maxRecordPayloadBytes;
/** The longest record, prefix included. */
export const maxRecordBytes = recordPrefixBytes + maxBodyBytes;

/** A record as it is read. */
export interface SpoolRecord {
  /** Its position in the spool, counted from 1. */
  readonly number: number;
  /** How many records it stands for, itself included; one, but for a gap. */
  readonly span: number;
  /** One fact as JSON text, exactly as it was written. */
  readonly header: string;
  /** The fact's bytes; empty for all facts but output. A view: see {@link SpoolReader.read} for how long it holds. */
  readonly payload: Uint8Array;
  /** CRC-32 of the record's body, which names the record when positions are compared. */
  readonly check: number;
}

/** The pieces of one record on disk, in order, to be written together. */
export interface EncodedRecord {
  readonly pieces: readonly [Buffer, Uint8Array];
  readonly length: number;
  readonly check: number;
}

/** The bytes that store `header` and `payload`; the payload is not copied. Throws where either is over its limit. */
export function encodeRecord(header: string, payload: Uint8Array): EncodedRecord {
  const headerBytes = Buffer.byteLength(header);
  if (headerBytes > maxRecordHeaderBytes) throw new RangeError(`a record's header of ${headerBytes} bytes`);
  if (payload.byteLength > maxRecordPayloadBytes)
    throw new RangeError(`a record's payload of ${payload.byteLength} bytes`);
  const head = Buffer.allocUnsafe(recordPrefixBytes + headerPrefixBytes + headerBytes);
  head.writeUInt32LE(headerPrefixBytes + headerBytes + payload.byteLength, 0);
  head.writeUInt32LE(headerBytes, recordPrefixBytes);
  head.write(header, recordPrefixBytes + headerPrefixBytes, "utf8");
  const check = crc32(payload, crc32(head.subarray(recordPrefixBytes)));
  head.writeUInt32LE(check, 4);
  return { pieces: [head, payload], length: head.byteLength + payload.byteLength, check };
}

/** What stands at a place of a segment. `length` counts the prefix. */
export type RecordAt =
  | { readonly type: "record"; readonly length: number; readonly check: number }
  /** More bytes are needed, `length` in all where that is known already. */
  | { readonly type: "short"; readonly length: number }
  /** No record: a length that cannot be, or bytes that do not have the stated CRC-32. */
  | { readonly type: "damaged" };

/** Looks at the record that begins at `at`, its CRC-32 included. */
export function inspectRecord(bytes: Buffer, at: number): RecordAt {
  const have = bytes.byteLength - at;
  if (have < recordPrefixBytes) return { type: "short", length: recordPrefixBytes };
  const bodyBytes = bytes.readUInt32LE(at);
  if (bodyBytes < headerPrefixBytes || bodyBytes > maxBodyBytes) return { type: "damaged" };
  const length = recordPrefixBytes + bodyBytes;
  if (have < length) return { type: "short", length };
  const check = bytes.readUInt32LE(at + 4);
  const body = bytes.subarray(at + recordPrefixBytes, at + length);
  if (crc32(body) !== check || headerPrefixBytes + body.readUInt32LE(0) > bodyBytes) return { type: "damaged" };
  return { type: "record", length, check };
}

/** The record of `length` bytes at `at`, which {@link inspectRecord} has found sound. The payload is a view. */
export function decodeRecord(bytes: Buffer, at: number, length: number, number: number): SpoolRecord {
  const body = at + recordPrefixBytes;
  const payloadAt = body + headerPrefixBytes + bytes.readUInt32LE(body);
  return {
    number,
    span: 1,
    header: bytes.toString("utf8", body + headerPrefixBytes, payloadAt),
    payload: bytes.subarray(payloadAt, at + length),
    check: bytes.readUInt32LE(at + 4),
  };
}
