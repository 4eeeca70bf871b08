// The whole product in a storm: children that keep a ledger of what they print, a runner behind a proxy with faults,
// kills of either end, a viewer that goes on by its cursor. What was stored is compared with the ledgers.

import { readFileSync } from "node:fs";
import path from "node:path";
import type { Event } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api, outputOf } from "../support/api.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { LoneRunner } from "../support/lone-runner.ts";
import { Product, root } from "../support/product.ts";
import { rage } from "./nemesis.ts";
import { seeded } from "./random.ts";
import { ResumingViewer } from "./resuming-viewer.ts";

export interface StormOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly children: number;
}

export interface StormReport {
  /** What went wrong, in words; empty when all is well. */
  readonly faults: readonly string[];
  readonly troubles: Readonly<Record<string, number>>;
  readonly events: number;
  readonly bytes: number;
  /** How often the viewer had to go on by its cursor. */
  readonly resumed: number;
}

const settleMs = 120_000;

/** Raises one storm, and ends all it started. */
export async function raiseStorm(options: StormOptions): Promise<StormReport> {
  const product = await Product.start();
  const proxy = await FaultProxy.open(Number(new URL(product.ready.url).port));
  const runner = await LoneRunner.start({ server: proxy.url, hostData: product.data });
  const server = { url: product.ready.url, token: runner.token };
  const api = new Api(server);
  const viewer = new ResumingViewer(server);
  try {
    const ledgers = await startChildren(api, product.data, options);
    const nemesis = { product, proxy, runner, random: seeded(options.seed) };
    const troubles = await rage(nemesis, performance.now() + options.seconds * 1000);
    await waitUntil("all children ended and are stored", () => hasAllEnded(api, ledgers), settleMs);
    const stored = await api.events();
    await viewer.catchUp(stored.length);
    const bytes = [...ledgers.keys()].reduce((sum, id) => sum + outputOf(stored, id).byteLength, 0);
    const faults = [...findFaults(stored, ledgers), ...compare(viewer.events, stored)];
    return { faults, troubles, events: stored.length, bytes, resumed: viewer.resumed };
  } finally {
    viewer.close();
    await runner.close();
    await proxy.close();
    await product.close();
  }
}

/** Starts the children; the ledger of each, by its process id. */
async function startChildren(api: Api, folder: string, options: StormOptions): Promise<Map<string, string>> {
  const ledgers = new Map<string, string>();
  const program = path.join(root, "test/fixtures/keeps-a-ledger.mjs");
  for (let child = 0; child < options.children; child++) {
    const ledger = path.join(folder, `ledger-${child}`);
    const argv = ["node", program, ledger, String(options.seconds), String(options.seed + child)];
    const { process_id: id } = await api.start({ argv });
    ledgers.set(id, ledger);
  }
  return ledgers;
}

async function hasAllEnded(api: Api, ledgers: ReadonlyMap<string, string>): Promise<boolean> {
  for (const id of ledgers.keys()) {
    const view = await api.process(id).catch(() => null);
    if (view?.state !== "exited") return false;
  }
  return true;
}

function findFaults(stored: readonly Event[], ledgers: ReadonlyMap<string, string>): string[] {
  const faults: string[] = [];
  const missing = stored.findIndex(({ seq }, at) => seq !== at + 1);
  if (missing >= 0) faults.push(`seq ${missing + 1} is missing or doubled`);
  for (const [id, ledger] of ledgers) {
    const of = stored.filter((event) => event.process_id === id);
    for (const type of ["started", "exited"]) {
      const count = of.filter((event) => event.type === type).length;
      if (count !== 1) faults.push(`${id} has ${count} events ${type}`);
    }
    const exit = of.find((event) => event.type === "exited");
    if (exit?.returncode !== 7) faults.push(`${id} ended with ${exit?.returncode ?? exit?.reason}`);
    if (of.some((event) => event.type === "gap")) faults.push(`${id} has a gap`);
    else if (!outputOf(stored, id).equals(readFileSync(ledger))) faults.push(`${id} differs from its ledger`);
  }
  return faults;
}

function compare(viewed: readonly Event[], stored: readonly Event[]): string[] {
  const at = stored.findIndex((event, index) => JSON.stringify(event) !== JSON.stringify(viewed[index]));
  return at < 0 ? [] : [`the viewer differs from the log at seq ${at + 1}`];
}
