/**
 * Checks a flood's lines while they stream in: each once, whole, in order. Pure. The expected bytes are made beside the
 * stream and compared by memory, so a gigabyte costs a fraction of a second; only after the first difference are lines read.
 */
import {
  BLOCK_LINES,
  createBlock,
  LINE_BYTES,
  numberBlock,
  readLineStamp,
  STAMP_END,
  STAMP_START,
} from "./children/line.ts";
import { createOrderCheck, type Faults, noFaults, type OrderCheck } from "./order.ts";

/** The check of one job's output. */
export interface LineCheck {
  /** Takes the next chunk, cut anywhere. */
  take(bytes: Uint8Array): void;
  /** When the child began to print, in nanoseconds of the monotonic clock; null until a good line 0 came first. */
  firstPrintNs(): bigint | null;
  /** How many bytes came so far, as long as all of them were the expected ones. */
  goodBytes(): number;
  /** What went wrong over the whole stream. */
  finish(): Faults;
  /** What went wrong so far, where the stream may end anywhere. */
  finishCut(): Faults;
}

const BLOCK_BYTES = BLOCK_LINES * LINE_BYTES;
const NEWLINE = 10;
const NUMBER = /^\d\d (\d{8}) /;
const STAMP = /^\d+$/;

/** Starts the check of a job that prints this many lines. */
export function createLineCheck(job: number, lines: number): LineCheck {
  const totalBytes = lines * LINE_BYTES;
  const expected = createBlock(job);
  let expectedIndex = 0;
  let head: Buffer = Buffer.alloc(0);
  let firstPrintNs: bigint | null = null;
  // Bytes that were the expected ones; stands still from the first difference on, when `order` is set.
  let position = 0;
  let order: OrderCheck | null = null;
  let carry: Buffer = Buffer.alloc(0);

  function expectBlock(index: number): void {
    if (index !== expectedIndex) numberBlock(expected, index);
    expectedIndex = index;
  }

  /** The line with what the child puts over the filler of line 0 taken back. */
  function unstamp(line: Buffer): Buffer {
    const plain = Buffer.from(line);
    expected.copy(plain, STAMP_START, STAMP_START, STAMP_END);
    return plain;
  }

  /** Collects line 0, whose bytes are not known beforehand. Returns what is still to be compared. */
  function takeHead(bytes: Uint8Array): Uint8Array {
    const missing = LINE_BYTES - head.length;
    head = Buffer.concat([head, bytes.subarray(0, missing)]);
    const rest = bytes.subarray(missing);
    if (head.length < LINE_BYTES) return rest;
    const isGood =
      STAMP.test(head.toString("latin1", STAMP_START, STAMP_END)) &&
      unstamp(head).equals(expected.subarray(0, LINE_BYTES));
    if (!isGood) return Buffer.concat([head, rest]);
    firstPrintNs = readLineStamp(head);
    position = LINE_BYTES;
    return rest;
  }

  /** Moves `position` as far as the bytes are the expected ones, and returns those after it. */
  function compare(bytes: Uint8Array): Uint8Array {
    let at = 0;
    while (at < bytes.length && position < totalBytes) {
      const index = Math.floor(position / BLOCK_BYTES);
      const from = position - index * BLOCK_BYTES;
      const length = Math.min(BLOCK_BYTES - from, bytes.length - at, totalBytes - position);
      expectBlock(index);
      if (expected.compare(bytes, at, at + length, from, from + length) !== 0) break;
      at += length;
      position += length;
    }
    return bytes.subarray(at);
  }

  /** The bytes between the last line border and `position`, which were the expected ones. */
  function begunLine(): Buffer {
    const to = position % BLOCK_BYTES;
    return Buffer.from(expected.subarray(to - (position % LINE_BYTES), to));
  }

  function readLines(check: OrderCheck, bytes: Uint8Array): void {
    const all = Buffer.concat([carry, bytes]);
    let start = 0;
    for (let end = all.indexOf(NEWLINE); end >= 0; end = all.indexOf(NEWLINE, start)) {
      check.see(readNumber(all.subarray(start, end + 1)));
      start = end + 1;
    }
    carry = all.subarray(start);
  }

  function readNumber(line: Buffer): number | null {
    const digits = NUMBER.exec(line.toString("latin1"))?.[1];
    const number = Number(digits);
    if (digits === undefined || number >= lines) return null;
    expectBlock(Math.floor(number / BLOCK_LINES));
    const from = (number % BLOCK_LINES) * LINE_BYTES;
    const whole = number === 0 ? unstamp(line) : line;
    return whole.equals(expected.subarray(from, from + LINE_BYTES)) ? number : null;
  }

  return {
    take(bytes) {
      if (order !== null) {
        readLines(order, bytes);
        return;
      }
      const different = compare(head.length < LINE_BYTES ? takeHead(bytes) : bytes);
      if (different.length === 0) return;
      order = createOrderCheck(lines, Math.floor(position / LINE_BYTES));
      carry = begunLine();
      readLines(order, different);
    },
    firstPrintNs: () => firstPrintNs,
    goodBytes: () => position,
    finishCut: () => (order === null ? noFaults : order.finish()),
    finish() {
      const check = order ?? createOrderCheck(lines, Math.floor(position / LINE_BYTES));
      const isCut = order === null ? position % LINE_BYTES > 0 : carry.length > 0;
      if (isCut) check.see(null);
      return check.finish();
    },
  };
}
