/**
 * A child that floods: waits at the gate, then prints its numbered lines as fast as the reader takes them.
 * Arguments: job, number of lines, port of the gate. It ends by itself once everything is written.
 */
import { once } from "node:events";
import { connect } from "node:net";
import process from "node:process";

import { BLOCK_LINES, createBlock, LINE_BYTES, numberBlock, stampLine } from "./line.ts";

const [job = 0, lines = 0, gatePort = 0] = process.argv.slice(2).map(Number);

const gate = connect(gatePort, "127.0.0.1");
const [word] = await Promise.race([once(gate, "data"), once(gate, "close")]);
gate.destroy();
// A gate that closes without a word means that nobody waits for the lines any more.
if (word instanceof Buffer) await printLines();

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
