/**
 * A child that prints its numbered lines at a steady rate, one at a time, and ends by itself.
 * Arguments: job, number of lines, milliseconds from line to line.
 */
import process from "node:process";

import { createBlock, LINE_BYTES, stampLine, BLOCK_LINES, numberBlock } from "./line.ts";

const [job = 0, lines = 0, intervalMs = 0] = process.argv.slice(2).map(Number);
const block = createBlock(job);
const beganAt = performance.now();
let printed = 0;

const timer = setInterval(() => {
  const due = Math.min(lines, Math.floor((performance.now() - beganAt) / intervalMs) + 1);
  for (; printed < due; printed++) process.stdout.write(lineOf(printed));
  if (printed === lines) clearInterval(timer);
}, intervalMs);

/** A copy, since what was written may still be on its way. */
function lineOf(number: number): Buffer {
  numberBlock(block, Math.floor(number / BLOCK_LINES));
  const from = (number % BLOCK_LINES) * LINE_BYTES;
  const line = Buffer.from(block.subarray(from, from + LINE_BYTES));
  if (number === 0) stampLine(line, process.hrtime.bigint());
  return line;
}
