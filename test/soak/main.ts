// `pnpm soak`: storms of a given length, or faults of the catalogue with their whole counts. Fails on the first event
// lost, doubled or changed, and on what took longer than a fault allows.
//
//   pnpm soak [--seconds 600] [--seed N] [--storms 1] [--children 6]
//   pnpm soak --fault F6 [--fault F9] [--seed N] [--count N] [--json FILE]
//   pnpm soak --all [--seed N] [--json FILE]
//   pnpm soak --list
//   pnpm soak --simulation 20000 [--seed N]    both real ends on a simulated platform
//   pnpm soak --broken-builds [--seed N]

import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { catalogue, faultOf } from "../faults/catalogue.ts";
import { soakBrokenBuilds, soakSimulation } from "../simulation/soak.ts";
import { raiseInTurn } from "./raise-in-turn.ts";
import { raiseStorm } from "./storm.ts";

const { values } = parseArgs({
  args: process.argv.slice(2).filter((arg) => arg !== "--"),
  options: {
    seconds: { type: "string", default: "600" },
    seed: { type: "string", default: String(Date.now() % 1e6) },
    storms: { type: "string", default: "1" },
    children: { type: "string", default: "6" },
    fault: { type: "string", multiple: true, default: [] },
    all: { type: "boolean", default: false },
    count: { type: "string" },
    json: { type: "string" },
    list: { type: "boolean", default: false },
    simulation: { type: "string" },
    "broken-builds": { type: "boolean", default: false },
  },
});
const seed = Number(values.seed);

if (values.list) {
  for (const { id, whole, unit, title } of catalogue) process.stdout.write(`${id}\t${whole} ${unit}\t${title}\n`);
} else if (values.simulation !== undefined) {
  if ((await soakSimulation(seed, Number(values.simulation))) > 0) process.exitCode = 1;
} else if (values["broken-builds"]) {
  if ((await soakBrokenBuilds(seed)) > 0) process.exitCode = 1;
} else if (values.all || values.fault.length > 0) {
  const faults = values.all ? catalogue : values.fault.map(faultOf);
  const count = values.count === undefined ? undefined : Number(values.count);
  const rows = await raiseInTurn(faults, seed, count);
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(rows, null, 2)}\n`);
  if (rows.some(({ passed }) => !passed)) process.exitCode = 1;
} else {
  for (let storm = seed; storm < seed + Number(values.storms); storm++) {
    const report = await raiseStorm({
      seed: storm,
      seconds: Number(values.seconds),
      children: Number(values.children),
    });
    process.stdout.write(`seed ${storm}: ${JSON.stringify(report)}\n`);
    if (report.faults.length > 0) process.exitCode = 1;
  }
}
