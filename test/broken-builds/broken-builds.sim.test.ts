import { expect, test } from "vitest";
import { bundleSimulation, type Patch } from "../simulation/bundle.ts";
import { runSeeds, suiteSeeds } from "../simulation/run-seeds.ts";
import { brokenBuilds } from "./builds.ts";

/** What the first seeds say of a build with `patches`, up to a fault of the kind looked for. */
async function findOut(patches: readonly Patch[], fault: RegExp, count: number) {
  const others: string[] = [];
  let found = "";
  await runSeeds(await bundleSimulation(patches), { first: 1, count }, ({ faults }) => {
    found = faults.find((text) => fault.test(text)) ?? "";
    others.push(...faults);
    return found === "";
  });
  return { found, others };
}

// The seeds are those of which the simulation's own test says that the unbroken build passes them.
test.concurrent.for(brokenBuilds)(
  "[D4] [D1] [D6] [D18] [C3] [R2] [R9] a build that $name is found out",
  async ({ patches, fault }) => {
    const { found, others } = await findOut(patches, fault, suiteSeeds);
    expect(found, `other faults: ${others.slice(0, 5).join("\n")}`).toMatch(fault);
  },
);

test.concurrent("[D4] a build whose patch changes nothing is not found out", async () => {
  const limit = "maxLiveProcesses = 20;";
  const patch = { file: "shared/src/limits.ts", from: limit, to: `${limit} // the same` };
  expect(await findOut([patch], /./, 10)).toEqual({ found: "", others: [] });
});

test("[D9] a patch that does not fit the source any more is refused", async () => {
  const patch = { file: "shared/src/positions.ts", from: "no such text", to: "" };
  await expect(bundleSimulation([patch])).rejects.toThrow("no longer applies");
});
