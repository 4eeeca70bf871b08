/**
 * The numbered line that the flood prints and the checker expects, in one place so that both mean the same bytes.
 *
 *   jj nnnnnnnn text…⏎      100 bytes: job, number from 0, filler
 *   jj 00000000 tttttttttttttttttttt text…⏎      in line 0 the filler begins with the time of the first print
 *
 * Lines are made a block at a time: the low three digits never change, so a block is renumbered by five bytes a line.
 */

/** Length of every line, the newline included. */
export const LINE_BYTES = 100;

/** Lines of a block; a power of ten, so that the low digits of a block are fixed. */
export const BLOCK_LINES = 1000;

/** The most lines a job can have: eight digits. */
export const MAX_LINES = 100_000_000;

/** Where line 0 carries its time, in bytes from the start of the line. */
export const STAMP_START = 12;
export const STAMP_END = 32;

const NUMBER_START = 3;
const HIGH_DIGITS = 5;
const FILLER = "GET /api/orders/4711/items?page=2 200 in 13 ms, 1834 bytes, cache miss, worker 3, ok ok";

/** A block of lines of this job (0 to 99), numbered from 0; `numberBlock` gives it another position. */
export function createBlock(job: number): Buffer {
  const lines = Array.from({ length: BLOCK_LINES }, (_, index) => {
    const head = `${String(job).padStart(2, "0")} ${String(index).padStart(8, "0")} `;
    return `${(head + FILLER).padEnd(LINE_BYTES - 1, ".").slice(0, LINE_BYTES - 1)}\n`;
  });
  return Buffer.from(lines.join(""), "latin1");
}

/** Renumbers the block in place: its first line becomes number `blockIndex * BLOCK_LINES`. */
export function numberBlock(block: Uint8Array, blockIndex: number): void {
  const digits = Buffer.from(String(blockIndex).padStart(HIGH_DIGITS, "0"), "latin1");
  for (let at = NUMBER_START; at < block.length; at += LINE_BYTES) {
    for (let digit = 0; digit < HIGH_DIGITS; digit++) block[at + digit] = digits[digit] ?? 0;
  }
}

/** Writes the time, in nanoseconds of the monotonic clock, into line 0 at the start of `line`. */
export function stampLine(line: Buffer, timeNs: bigint): void {
  line.write(String(timeNs).padStart(STAMP_END - STAMP_START, "0"), STAMP_START, "latin1");
}

/** The time that `stampLine` wrote. */
export function readLineStamp(line: Buffer): bigint {
  return BigInt(line.toString("latin1", STAMP_START, STAMP_END));
}
