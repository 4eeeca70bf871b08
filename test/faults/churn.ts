// Twenty processes are started and stopped again and again, ten at a time: afterwards the runner holds what it held.

import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api } from "../support/api.ts";
import { LoneRunner } from "../support/lone-runner.ts";
import { childStatesOf } from "../support/process-tree.ts";
import { root } from "../support/product.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { Findings } from "./findings.ts";
import { withProduct } from "./with-product.ts";

const names = Array.from({ length: 20 }, (_, at) => `churned-${at}`);
const atOneTime = 10;
const heapGrowth = 1.2;
const preload = path.join(root, "test/fixtures/tells-what-it-holds.mjs");

interface Holdings {
  readonly heap: number;
  readonly timers: number;
  readonly descriptors: number;
}

export async function churn({ count }: FaultOptions): Promise<FaultReport> {
  return await withProduct(async (product) => {
    const file = path.join(product.data, "holdings.json");
    const environment = { NODE_OPTIONS: `--import=${preload}`, HOLDINGS: file };
    const runner = await LoneRunner.start({ server: product.ready.url, hostData: product.data, environment });
    try {
      const api = new Api({ url: product.ready.url, token: runner.token });
      const findings = new Findings();
      // The first round fills what is filled once: caches, compiled code.
      await startAndStop(api, 1, findings);
      const before = await hold(runner.pid, file);
      await startAndStop(api, count, findings);
      const after = await hold(runner.pid, file);
      findings.check(
        after.descriptors <= before.descriptors,
        `descriptors: ${before.descriptors} → ${after.descriptors}`,
      );
      findings.check(after.timers <= before.timers, `timers: ${before.timers} → ${after.timers}`);
      findings.check(after.heap <= before.heap * heapGrowth, `heap: ${before.heap} → ${after.heap} bytes`);
      findings.check(childStatesOf(runner.pid).length === 0, "zombies are left");
      findings.measure("starts", count * names.length);
      findings.measure("heap_before_mb", before.heap / 1e6);
      findings.measure("heap_after_mb", after.heap / 1e6);
      findings.measure("descriptors", after.descriptors);
      return findings;
    } finally {
      await runner.close();
    }
  });
}

async function startAndStop(api: Api, rounds: number, findings: Findings): Promise<void> {
  const waiting = Array.from({ length: rounds }, () => names).flat();
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const { process_id: id } = await api.start({ command: "echo up; sleep 1000", name });
      const { stopped, process } = await api.stop(id);
      findings.check(stopped && process.state === "exited", `${name}: stopped ${stopped}, ${process.state}`);
    }
  };
  // A name comes again only after twenty others, so never while it lives.
  await Promise.all(Array.from({ length: atOneTime }, work));
}

async function hold(runner: number, file: string): Promise<Holdings> {
  await waitUntil("the shims are gone", () => childStatesOf(runner).every((state) => state === "Z"));
  rmSync(file, { force: true });
  process.kill(runner, "SIGUSR2");
  await waitUntil("the runner told what it holds", () => existsSync(file));
  const told = JSON.parse(readFileSync(file, "utf8")) as Omit<Holdings, "descriptors">;
  return { ...told, descriptors: readdirSync(`/proc/${runner}/fd`).length };
}
