/**
 * A child that waits at the gate, then prints a number and the monotonic time every 10 ms, and ends by itself.
 * Arguments: how many prints, what ends each (a newline, or something that leaves the line unfinished), port of the gate.
 * The clock is the machine's, so another process there can subtract it from its own.
 */
import process from "node:process";

import { passGate } from "./gate-pass.ts";

const INTERVAL_MS = 10;
const [prints = "", ending = "", gatePort = ""] = process.argv.slice(2);
let printed = 0;

if (await passGate(Number(gatePort))) {
  const timer = setInterval(() => {
    process.stdout.write(`${printed} ${process.hrtime.bigint()}${ending}`);
    printed += 1;
    if (printed >= Number(prints)) clearInterval(timer);
  }, INTERVAL_MS);
}
