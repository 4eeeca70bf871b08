// F19: a child that prints as fast as anybody takes it. The runner and its shim stay small, another process is still
// heard, a stop is honoured, and what the log holds is what was printed, line after line.

import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { Api } from "../support/api.ts";
import { type Product, root } from "../support/product.ts";
import { Ears } from "./ears.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { Findings } from "./findings.ts";
import { checkFlood } from "./flood-check.ts";
import { MemoryWatch } from "./memory-watch.ts";
import { withProduct } from "./with-product.ts";

/** Resident memory of the runner and of the flood's shim, each; and what workerd may grow by. */
const maxRunnerMiB = 150;
const maxWorkerdGrowthMiB = 64;
const maxStopMs = 2000;

const patienceMs = 300_000;
/** Of the other process before the flood: one is said every 10 ms. */
const quietWords = 300;
const program = path.join(root, "test/fixtures/floods.mjs");

/** The flood is stopped once `count` MB are stored. */
export async function flood({ count }: FaultOptions): Promise<FaultReport> {
  return await withProduct(async (product, api) => {
    const findings = new Findings();
    const ears = await Ears.open(product.ready, api);
    const quiet = await ears.hear(quietWords);

    const { process_id: id, pid } = await api.start({ argv: [process.execPath, program] });
    const watch = watchMemory(product, pid ?? 0);
    ears.clear();
    const startedAt = performance.now();
    await waitUntil("enough has flooded", async () => (await bytesOf(api, id)) >= count * 1e6, patienceMs);
    const flooded = ears.p95;
    const stoppedAt = performance.now();
    const rate = (await bytesOf(api, id)) / 1e3 / (stoppedAt - startedAt);
    const { stopped } = await api.stop(id);
    const stopMs = performance.now() - stoppedAt;
    await waitUntil("all of it is stored", async () => (await api.process(id)).state === "exited", patienceMs);
    watch.close();
    ears.close();

    findings.check(stopped, "the flood was not stopped");
    for (const name of ["runner", "shim"]) {
      const mebibytes = watch.mostMiB(name);
      findings.measure(`${name}_mib`, mebibytes);
      findings.check(mebibytes <= maxRunnerMiB, `the ${name} took ${mebibytes} MiB`);
    }
    findings.measure("workerd_growth_mib", watch.growthMiB("workerd"), maxWorkerdGrowthMiB);
    findings.measure("flood_mb_per_s", rate);
    findings.measure("stop_ms", stopMs, maxStopMs);
    findings.measure("other_p95_quiet_ms", quiet);
    findings.measure("other_p95_flooded_ms", flooded, 2 * quiet);
    const held = await checkFlood(api, id);
    for (const wrong of held.wrongs) findings.check(false, wrong);
    findings.measure("held_mb", held.bytes / 1e6);
    findings.check(held.end === (await bytesOf(api, id)), `the log's output ends at ${held.end}`);
    return findings;
  });
}

async function bytesOf(api: Api, id: string): Promise<number> {
  return (await api.process(id)).output_bytes;
}

function watchMemory(product: Product, pid: number): MemoryWatch {
  const tree = product.tree();
  const child = tree.find((known) => known.pid === pid);
  const shim = tree.find((known) => known.pid === child?.parent);
  if (shim === undefined) throw new Error("the flood has no shim");
  return new MemoryWatch({ runner: product.find(/cli\.js connect/), shim, workerd: product.find(/workerd.*serve/) });
}
