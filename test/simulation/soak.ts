// Many seeds of the simulation, on two threads, for `pnpm soak --simulation N`; and every broken build, for `--broken-builds`.

import { brokenBuilds } from "../broken-builds/builds.ts";
import { bundleSimulation } from "./bundle.ts";
import { repeatWith } from "./report.ts";
import { runSeeds } from "./run-seeds.ts";

/** Simulates `count` runs from `seed` on and prints each that went wrong; how many did. */
export async function soakSimulation(seed: number, count: number): Promise<number> {
  const code = await bundleSimulation();
  let done = 0;
  let wrong = 0;
  const part = (first: number, share: number): Promise<void> =>
    runSeeds(code, { first, count: share, step: 2 }, (report) => {
      done++;
      if (report.faults.length > 0) process.stdout.write(`${repeatWith(report)}\n`);
      if (report.faults.length > 0) wrong++;
      if (done % 1000 === 0) process.stdout.write(`${done} of ${count} runs, ${wrong} wrong\n`);
      return true;
    });
  await Promise.all([part(seed, Math.ceil(count / 2)), part(seed + 1, Math.floor(count / 2))]);
  process.stdout.write(`simulated ${done} runs from seed ${seed} on: ${wrong} wrong\n`);
  return wrong;
}

const brokenSeeds = 2000;

/** Looks for every broken build, from other seeds than the suite's; how many were not found out. */
export async function soakBrokenBuilds(seed: number): Promise<number> {
  let missed = 0;
  for (const { name, patches, fault } of brokenBuilds) {
    let count = 0;
    let found = false;
    await runSeeds(await bundleSimulation(patches), { first: seed, count: brokenSeeds }, ({ faults }) => {
      count++;
      found = faults.some((text) => fault.test(text));
      return !found;
    });
    if (!found) missed++;
    process.stdout.write(`${found ? "found out" : "MISSED"} after ${count} seeds: a build that ${name}\n`);
  }
  return missed;
}
