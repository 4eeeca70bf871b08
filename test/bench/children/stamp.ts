/**
 * A child that prints a number and the monotonic time every 10 ms, and ends by itself.
 * Argument: how many prints. The clock is the machine's, so another process there can subtract it from its own.
 */
import process from "node:process";

const INTERVAL_MS = 10;
const prints = Number(process.argv[2]);
let printed = 0;

const timer = setInterval(() => {
  process.stdout.write(`${printed} ${process.hrtime.bigint()}\n`);
  printed += 1;
  if (printed >= prints) clearInterval(timer);
}, INTERVAL_MS);
