// Where a fault is raised: the product, a runner of its own behind a proxy with faults, a viewer that goes on by its
// cursor, and children whose ledgers say what really was printed.

import { readFileSync } from "node:fs";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { compareViews, compareWithLedgers } from "../support/against-ledgers.ts";
import { Api } from "../support/api.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import { LoneRunner } from "../support/lone-runner.ts";
import { Product, root } from "../support/product.ts";
import { ResumingViewer } from "../support/resuming-viewer.ts";

const settleMs = 120_000;

export class Stage {
  readonly product: Product;
  readonly proxy: FaultProxy;
  readonly runner: LoneRunner;
  /** The control plane itself, past the proxy, with the runner's workspace token. */
  readonly server: { readonly url: string; readonly token: string };
  readonly api: Api;
  readonly viewer: ResumingViewer;
  readonly #ledgers = new Map<string, string>();

  private constructor(product: Product, proxy: FaultProxy, runner: LoneRunner) {
    this.product = product;
    this.proxy = proxy;
    this.runner = runner;
    this.server = { url: product.ready.url, token: runner.token };
    this.api = new Api(this.server);
    this.viewer = new ResumingViewer(this.server);
  }

  /** Opens a stage, has `play` act on it, and ends all that is on it. */
  static async use<T>(play: (stage: Stage) => Promise<T>): Promise<T> {
    return await useOne(await Product.start(), (product) => Stage.on(product, play));
  }

  /** The same on a product that others use as well. */
  static async on<T>(product: Product, play: (stage: Stage) => Promise<T>): Promise<T> {
    const ends: (() => Promise<void>)[] = [];
    try {
      const proxy = await FaultProxy.open(Number(new URL(product.ready.url).port));
      ends.push(() => proxy.close());
      const runner = await LoneRunner.start({ server: proxy.url, hostData: product.data });
      ends.push(() => runner.close());
      const stage = new Stage(product, proxy, runner);
      ends.push(() => Promise.resolve(stage.viewer.close()));
      return await play(stage);
    } finally {
      for (const end of ends.toReversed()) await end();
    }
  }

  /** A child that prints `count` numbered lines, evenly over `seconds`, and keeps a ledger; its process id. */
  async startLines(count: number, seconds: number): Promise<string> {
    const ledger = path.join(this.runner.data, `ledger-${this.#ledgers.size}`);
    const program = path.join(root, "test/fixtures/numbered-ledger.mjs");
    const argv = ["node", program, ledger, String(count), String(seconds)];
    const { process_id: id } = await this.api.start({ argv });
    this.#ledgers.set(id, ledger);
    return id;
  }

  /** What a child printed so far, by its own account. */
  ledgerOf(id: string): string {
    return readFileSync(this.#ledgers.get(id) ?? "", "utf8");
  }

  /** Whether the control plane takes this runner for connected; false also where nobody answers. */
  async isOnline(): Promise<boolean> {
    return await this.api.machine().then(
      ({ online }) => online,
      () => false,
    );
  }

  /** Waits until the first output is stored and seen. */
  async untilPrinting(): Promise<void> {
    await waitUntil("output comes", () => this.viewer.events.some(({ type }) => type === "output"), settleMs);
  }

  async untilOnline(): Promise<void> {
    await waitUntil("the runner is connected", () => this.isOnline(), settleMs);
  }

  /** Waits until the runner made more connections than `dials`. */
  async untilDialled(dials: number): Promise<void> {
    await waitUntil("the runner dials again", () => this.proxy.accepted > dials, settleMs);
  }

  /** Whether requests are answered. */
  async isServing(): Promise<boolean> {
    return await fetch(`${this.server.url}/healthz`).then(
      ({ ok }) => ok,
      () => false,
    );
  }

  /** `kill -9`; its host starts it again. */
  killControlPlane(): void {
    killWorkerd(this.product);
  }

  /** Kills the control plane and waits until it answers again; how long that took, in milliseconds. */
  async untilRestarted(): Promise<number> {
    const killedAt = performance.now();
    this.killControlPlane();
    await waitUntil("the control plane is gone", async () => !(await this.isServing()));
    await waitUntil("the control plane is back", () => this.isServing(), settleMs);
    return performance.now() - killedAt;
  }

  /** Waits until every child ended and is stored, then compares log and viewer with the ledgers. */
  async compare(): Promise<string[]> {
    await waitUntil("all children ended and are stored", () => this.#haveAllEnded(), settleMs);
    const stored = await this.api.events();
    await this.viewer.catchUp(stored.length);
    return [...compareWithLedgers(stored, this.#ledgers, 0), ...compareViews(this.viewer.events, stored)];
  }

  async #haveAllEnded(): Promise<boolean> {
    for (const id of this.#ledgers.keys()) {
      const view = await this.api.process(id).catch(() => null);
      if (view?.state !== "exited") return false;
    }
    return true;
  }
}

/** Lets `play` use what can be closed, and closes it. */
export async function useOne<O extends { close(): Promise<void> }, T>(
  one: O,
  play: (one: O) => Promise<T>,
): Promise<T> {
  try {
    return await play(one);
  } finally {
    await one.close();
  }
}

/** `kill -9` of the control plane's runtime, where it runs just now. */
export function killWorkerd(product: Product): void {
  const workerd = product.tree().findLast(({ command }) => /workerd.*serve/.test(command));
  if (workerd !== undefined) process.kill(workerd.pid, "SIGKILL");
}
