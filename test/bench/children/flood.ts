/**
 * A child that floods: waits at the gate, then prints its numbered lines as fast as the reader takes them.
 * Arguments: job, number of lines, port of the gate, and whether to live on in silence after that (`stay`).
 */
import process from "node:process";

import { passGate } from "./gate-pass.ts";
import { BLOCK_LINES, createBlock, LINE_BYTES, numberBlock, stampLine } from "./line.ts";

const [job = 0, lines = 0, gatePort = 0] = process.argv.slice(2).map(Number);
const staysAlive = process.argv[5] === "stay";

if (await passGate(gatePort)) await printLines();
if (staysAlive) setInterval(() => undefined, 60_000);

async function printLines(): Promise<void> {
  const block = createBlock(job);
  const first = Buffer.from(block.subarray(0, LINE_BYTES));
  stampLine(first, process.hrtime.bigint());
  await write(first);
  for (let from = 0; from < lines; from += BLOCK_LINES) {
    numberBlock(block, from / BLOCK_LINES);
    const startByte = from === 0 ? LINE_BYTES : 0;
    await write(block.subarray(startByte, Math.min(BLOCK_LINES, lines - from) * LINE_BYTES));
  }
}

/** Resolves when the bytes have left, so that the block may be renumbered. */
function write(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(bytes, (error) => (error ? reject(error) : resolve()));
  });
}
