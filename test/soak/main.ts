// `pnpm soak`: storms of a given length, one seed after the other. Fails on the first event lost, doubled or changed.
//
//   pnpm soak [--seconds 600] [--seed N] [--storms 1] [--children 6]

import { parseArgs } from "node:util";
import { raiseStorm } from "./storm.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    seconds: { type: "string", default: "600" },
    seed: { type: "string", default: String(Date.now() % 1e6) },
    storms: { type: "string", default: "1" },
    children: { type: "string", default: "6" },
  },
});

for (let storm = 0; storm < Number(values.storms); storm++) {
  const seed = Number(values.seed) + storm;
  const report = await raiseStorm({ seed, seconds: Number(values.seconds), children: Number(values.children) });
  process.stdout.write(`seed ${seed}: ${JSON.stringify(report)}\n`);
  if (report.faults.length > 0) process.exitCode = 1;
}
