import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { SpoolRecord } from "./record.ts";
import { SpoolReader } from "./spool-reader.ts";
import { SpoolWriter, type Appended } from "./spool-writer.ts";
import { listSegments, segmentPath } from "./segments.ts";

let folder = "";
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), "longwire-spool-")), "spool");
});
afterEach(() => rmSync(join(folder, ".."), { recursive: true, force: true }));

const segmentBytes = 4096;
const headerOf = (number: number): string => JSON.stringify({ number });
const payloadOf = (number: number): Buffer => Buffer.alloc((number * 37) % 900, number % 251);

function write(writer: SpoolWriter, count: number): Appended[] {
  return Array.from({ length: count }, () => {
    const number = writer.next;
    const appended = writer.append(headerOf(number), payloadOf(number));
    if (appended === null) throw new Error("nothing was stored");
    return appended;
  });
}

function readAll(
  reader: SpoolReader,
  from = reader.first,
  maxBytes = 3000,
  maxRecords = 7,
): Omit<SpoolRecord, "payload">[] {
  const seen: Omit<SpoolRecord, "payload">[] = [];
  for (let next = from; next < reader.next;) {
    const records = reader.read(next, maxBytes, maxRecords);
    if (records.length === 0) break;
    for (const { number, span, header, payload, check } of records) {
      expect(number).toBe(next++);
      expect(header).toBe(headerOf(number));
      expect(Buffer.from(payload).equals(payloadOf(number))).toBe(true);
      seen.push({ number, span, header, check });
    }
  }
  return seen;
}

test("[D12] records come back in order with their numbers and checks, over any number of segments", () => {
  const writer = new SpoolWriter(folder, segmentBytes);
  const checks = write(writer, 100).map(({ check }) => check);
  const reader = new SpoolReader(folder);
  expect(reader.next).toBe(101);
  expect(readAll(reader).map(({ check }) => check)).toEqual(checks);
  expect(checks.map((_, at) => reader.checkOf(at + 1))).toEqual(checks);
  expect([reader.checkOf(0), reader.checkOf(101)]).toEqual([0, null]);
  expect(readdirSync(folder).length).toBeGreaterThan(5);
  for (const name of readdirSync(folder)) expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("[D15] reading begins anywhere, again, and goes on as records come, from memory and from disk alike", () => {
  const writer = new SpoolWriter(folder, segmentBytes);
  const reader = new SpoolReader(folder);
  expect(reader.read(1, 1e6, 100)).toEqual([]);
  let next = 1;
  for (let round = 0; round < 60; round++) {
    for (const { number, pieces } of write(writer, (round * 5) % 11)) {
      // Now with the bytes, now without, as hints come.
      if (round % 3 === 0) reader.offer(number, Buffer.concat(pieces));
      else reader.announce(number + 1);
    }
    next += readAll(reader, next).length;
    expect(next).toBe(writer.next);
    const from = Math.max(1, next - ((round * 7) % 50));
    expect(readAll(reader, from)).toHaveLength(next - from);
  }
});

test("[D15] at least one record is given, and otherwise no more than was asked for", () => {
  const writer = new SpoolWriter(folder, segmentBytes);
  write(writer, 30);
  const reader = new SpoolReader(folder);
  expect(reader.read(10, 1, 100)).toHaveLength(1);
  expect(reader.read(1, 1e6, 3)).toHaveLength(3);
  const some = reader.read(1, 2000, 100);
  expect(some.length).toBeGreaterThan(1);
  expect(some.reduce((sum, { header, payload }) => sum + header.length + payload.byteLength, 0)).toBeLessThanOrEqual(
    2000,
  );
});

test("[D14] trimming removes whole files below the record, and the check before what is left stays known", () => {
  const writer = new SpoolWriter(folder, segmentBytes);
  const checks = [0, ...write(writer, 100).map(({ check }) => check)];
  const reader = new SpoolReader(folder);
  const held = writer.heldBytes;
  for (const below of [1, 40, 41, 90, 101, 1000]) {
    expect(reader.canTrim(below)).toBe(listSegments(folder).some((_, at, all) => (all[at + 1] ?? Infinity) <= below));
    reader.forgetBelow(below);
    writer.trim(below);
    expect(reader.first).toBe(writer.first);
    expect(reader.first).toBeLessThanOrEqual(below);
    expect(reader.checkOf(reader.first - 1)).toBe(checks[reader.first - 1]);
    expect(readAll(reader)).toHaveLength(101 - reader.first);
    expect(reader.read(reader.first - 1, 1e6, 10)).toEqual([]);
  }
  expect(listSegments(folder)).toHaveLength(1);
  expect(writer.heldBytes).toBeLessThan(held);
  expect(writer.heldBytes).toBe(statSync(segmentPath(folder, writer.first)).size);
});

test("[D13] a tail torn anywhere is not read, every whole record before it is, and that is said", () => {
  const writer = new SpoolWriter(folder, 1e6);
  const places = write(writer, 5);
  writer.close();
  const [name = ""] = readdirSync(folder);
  const path = join(folder, name);
  const size = statSync(path).size;
  const last = places[4]?.length ?? 0;
  for (let cut = 1; cut <= last; cut += 3) {
    truncateSync(path, size - cut);
    const reader = new SpoolReader(folder);
    reader.seal();
    expect([reader.next, reader.damaged]).toEqual([5, cut < last]);
    appendFileSync(path, Buffer.alloc(cut));
  }
  appendFileSync(path, "rubbish that looks like nothing");
  const reader = new SpoolReader(folder);
  reader.seal();
  expect(readAll(reader)).toHaveLength(4);
});

test("[D13] what was written since a reader last heard of it is read, up to the torn tail", () => {
  const writer = new SpoolWriter(folder, 1e6);
  write(writer, 2);
  const reader = new SpoolReader(folder);
  write(writer, 3);
  writer.close();
  truncateSync(segmentPath(folder, 1), writer.heldBytes - 1);
  reader.seal();
  expect(readAll(reader)).toHaveLength(4);
  expect(reader.damaged).toBe(true);
});

test("[D13] a segment that did not come to its first record is none", () => {
  const writer = new SpoolWriter(folder, segmentBytes);
  write(writer, 20);
  writer.close();
  writeFileSync(segmentPath(folder, 21), "LW");
  const reader = new SpoolReader(folder);
  reader.seal();
  expect(reader.next).toBe(21);
  expect(readAll(reader)).toHaveLength(20);
  writeFileSync(segmentPath(folder, 21), Buffer.from("LWS1\0\0\0\0"));
  expect(readAll(new SpoolReader(folder))).toHaveLength(20);
});

test("[D13] a record damaged on disk ends the reading before it, and is said", () => {
  const writer = new SpoolWriter(folder, 1e6);
  const [first] = write(writer, 3);
  const path = segmentPath(folder, 1);
  const reader = new SpoolReader(folder);
  truncateSync(path, 8 + (first?.length ?? 0) + 10);
  expect(reader.read(1, 1e6, 10)).toHaveLength(1);
  expect(reader.damaged).toBe(false);
  expect(reader.read(2, 1e6, 10)).toEqual([]);
  expect([reader.damaged, reader.next]).toEqual([true, 2]);
});

test("[D13] [D15] bytes that stood where a record came to stand later are no damage", () => {
  const writer = new SpoolWriter(folder, 1e6);
  write(writer, 2);
  const file = segmentPath(folder, 1);
  const reader = new SpoolReader(folder);
  const { size } = statSync(file);
  // As a full disk leaves them: of a record that was not taken whole, seen by a reading before it was cut off.
  appendFileSync(file, Buffer.alloc(1000));
  expect(readAll(reader)).toHaveLength(2);
  truncateSync(file, size);
  write(writer, 3);
  reader.announce(writer.next);
  expect(readAll(reader, 3)).toHaveLength(3);
  expect(reader.damaged).toBe(false);
});

test("[D13] [D19] damage before damage that is known is said as well, for the end is nearer then", () => {
  const writer = new SpoolWriter(folder, 1e6);
  const [first] = write(writer, 9);
  const path = segmentPath(folder, 1);
  const ends: number[] = [];
  const reader = new SpoolReader(folder, () => ends.push(reader.next));
  truncateSync(path, statSync(path).size - 1);
  reader.seal();
  truncateSync(path, 8 + (first?.length ?? 0) + 10);
  reader.read(2, 1e6, 10);
  reader.read(2, 1e6, 10);
  expect(ends).toEqual([9, 2]);
});

test("[D14] [D17] a reader that is told of every record sees segments it never read: they may go, and their checks are known", () => {
  const writer = new SpoolWriter(folder, segmentBytes);
  const reader = new SpoolReader(folder);
  const checks: number[] = [];
  for (let number = 1; number <= 200; number++) {
    for (const { check, pieces } of write(writer, 1)) {
      reader.offer(number, Buffer.concat(pieces));
      checks.push(check);
    }
    expect(reader.read(number, 3000, 1)).toHaveLength(1);
    expect(reader.checkOf(number)).toBe(checks.at(-1));
  }
  expect(reader.canTrim(reader.next)).toBe(true);
});

test("[D14] what may be trimmed is seen without a read from disk", () => {
  const writer = new SpoolWriter(folder, segmentBytes);
  const reader = new SpoolReader(folder);
  for (let number = 1; number <= 200; number++) {
    for (const { pieces } of write(writer, 1)) reader.offer(number, Buffer.concat(pieces));
    expect(reader.read(number, 3000, 1)).toHaveLength(1);
  }
  expect(reader.canTrim(reader.next)).toBe(true);
});
