// The whole product in a storm: children that keep a ledger of what they print, a runner behind a proxy with faults,
// kills of either end, a viewer that goes on by its cursor. What was stored is compared with the ledgers.

import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { compareViews, compareWithLedgers } from "../support/against-ledgers.ts";
import { Api, outputOf } from "../support/api.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { LoneRunner } from "../support/lone-runner.ts";
import { Product, root } from "../support/product.ts";
import { seeded } from "../support/random.ts";
import { ResumingViewer } from "../support/resuming-viewer.ts";
import { rage } from "./nemesis.ts";

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
    const faults = [...compareWithLedgers(stored, ledgers, 7), ...compareViews(viewer.events, stored)];
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
