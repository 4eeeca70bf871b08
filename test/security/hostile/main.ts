// `pnpm security:hostile`: a hostile control plane attacks the built runner, in mode `named` and in mode `ask`, half of the
// time each. Ends with 1 where anything ran, or was reached or changed, that the owner's file does not allow.
//
//   pnpm security:hostile [--minutes 10] [--attacks N] [--seed N] [--mode named|ask|open] [--no-trace] [--json]
//
// Mode `open` is there to see that the judges see: it must fail.

import { parseArgs } from "node:util";
import { lay } from "./siege.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    minutes: { type: "string", default: "10" },
    attacks: { type: "string", default: "1000000" },
    seed: { type: "string", default: String(Date.now() % 1e6) },
    mode: { type: "string" },
    "no-trace": { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const modes = (["named", "ask", "open"] as const).filter((mode) =>
  (values.mode ?? "named ask").split(" ").includes(mode),
);
if (modes.length === 0) {
  process.stderr.write("--mode is named, ask or open\n");
  process.exit(2);
}
const seconds = (Number(values.minutes) * 60) / modes.length;
for (const mode of modes) {
  const seed = Number(values.seed);
  const report = await lay({ mode, seed, seconds, attacks: Number(values.attacks), traced: !values["no-trace"] });
  if (values.json) process.stdout.write(`${JSON.stringify({ mode, seed, ...report })}\n`);
  else {
    process.stdout.write(`mode ${mode}, seed ${seed}: ${JSON.stringify(report.figures)}\n`);
    for (const wrong of report.wrongs.slice(0, 50)) process.stdout.write(`  WRONG ${wrong}\n`);
    process.stdout.write(report.wrongs.length === 0 ? "  held\n" : `  ${report.wrongs.length} wrong\n`);
  }
  if (report.wrongs.length > 0) process.exitCode = 1;
}
