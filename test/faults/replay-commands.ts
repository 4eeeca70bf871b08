// F28: the frame that started a process is said again: on the same connection, on a new one, and to another machine.

import { readFileSync } from "node:fs";
import path from "node:path";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { Api } from "../support/api.ts";
import { FrameRelay } from "../support/frame-relay.ts";
import { LoneRunner } from "../support/lone-runner.ts";
import { Product } from "../support/product.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { useOne } from "./stage.ts";

interface Tapped {
  readonly relay: FrameRelay;
  readonly runner: LoneRunner;
  readonly api: Api;
}

async function useTapped<T>(product: Product, play: (tapped: Tapped) => Promise<T>): Promise<T> {
  return await useOne(await FrameRelay.open(product.ready.url), async (relay) => {
    const started = await LoneRunner.start({ server: relay.url, hostData: product.data });
    return await useOne(started, async (runner) => {
      return await play({ relay, runner, api: new Api({ url: product.ready.url, token: runner.token }) });
    });
  });
}

export async function replayCommands({ count }: FaultOptions): Promise<FaultReport> {
  return await useOne(await Product.start(), async (product) => {
    return await useTapped(product, (own) => useTapped(product, (other) => replayTo(own, other, count)));
  });
}

async function replayTo(own: Tapped, other: Tapped, count: number): Promise<FaultReport> {
  const wrongs: string[] = [];
  const spawns = path.join(own.runner.data, "spawns");
  for (let round = 1; round <= count; round++) {
    await runToEnd(own.api, `echo spawned >> ${spawns}`);
    const captured = own.relay.sentBy("object").findLast((frame) => frame.includes(`"type":"command"`));
    if (captured === undefined) throw new Error("no command passed the relay");
    own.relay.inject(captured);
    await runToEnd(own.api, "true");
    own.relay.reset();
    await waitUntil("the runner is gone", async () => !(await own.api.machine()).online);
    await waitUntil("the runner is back", async () => (await own.api.machine()).online);
    own.relay.inject(captured);
    other.relay.inject(captured);
    // What was injected comes before this: a start it made would stand in the list and the file.
    await runToEnd(own.api, "true");
    await runToEnd(other.api, "true");
    const starts = readFileSync(spawns, "utf8").split("\n").length - 1;
    if (starts !== round) wrongs.push(`round ${round}: ${starts} starts`);
    const { total } = (await own.api.machine()).counts;
    if (total !== 3 * round) wrongs.push(`round ${round}: ${total} processes of ${3 * round}`);
    const elsewhere = (await other.api.machine()).counts.total;
    if (elsewhere !== round) wrongs.push(`round ${round}: ${elsewhere} processes of ${round} on the other machine`);
    if (wrongs.length > 0) break;
  }
  return { wrongs, late: [], figures: { replays: count * 3 } };
}

async function runToEnd(api: Api, command: string): Promise<void> {
  const { process_id: id } = await api.start({ command });
  await waitUntil("it ended", async () => (await api.process(id)).state === "exited");
}
