// F21: two runners with one machine token, as a copied data folder makes them. The one that connected last is heard; the
// other is told 4409, ends, and dials no more.

import { setTimeout as delay } from "node:timers/promises";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import { LoneRunner } from "../support/lone-runner.ts";
import { FaultProxy } from "../support/fault-proxy.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { judgeTimes } from "./judge-times.ts";
import { Stage, useOne } from "./stage.ts";

/** The code of `runner connect` that is not, or no longer, let in. */
const notAuthorised = 3;
const quietMs = 1000;

export async function rivalRunners({ count }: FaultOptions): Promise<FaultReport> {
  return await Stage.use(async (stage) => {
    const wrongs: string[] = [];
    const endedMs: number[] = [];
    for (let round = 0; round < count; round++) {
      const before = await startPrinting(stage);
      await useOne(await FaultProxy.open(Number(new URL(stage.server.url).port)), async (way) => {
        const begunAt = performance.now();
        const rival = { server: way.url, hostData: stage.product.data, sameAs: stage.runner };
        await useOne(await LoneRunner.start(rival), async () => {
          await waitUntil("the older runner ends", () => stage.runner.exitCode !== null);
          endedMs.push(performance.now() - begunAt);
          if (stage.runner.exitCode !== notAuthorised) wrongs.push(`it ended with ${stage.runner.exitCode}`);
          const dials = stage.proxy.accepted;
          const { head } = await stage.api.machine();
          const after = await startPrinting(stage);
          await delay(quietMs);
          if (stage.proxy.accepted > dials) wrongs.push("the older runner dialled again");
          if (way.accepted > 1) wrongs.push(`the newer runner dialled ${way.accepted} times`);
          const strays = (await stage.api.events(head)).filter((event) => event.process_id === before);
          if (strays.length > 0) wrongs.push(`${strays.length} events of the older runner came after the newer one's`);
          await stage.api.stop(after);
        });
      });
      stage.runner.begin();
      await stage.untilOnline();
      await stage.api.stop(before);
    }
    return { wrongs, ...judgeTimes("ended", endedMs, { most: 5000 }) };
  });
}

/** A child that prints until it is stopped, once its output is stored; its process id. */
async function startPrinting(stage: Stage): Promise<string> {
  const { process_id: id } = await stage.api.start({ command: "while echo x; do sleep 0.01; done" });
  await waitUntil("it prints", async () => (await stage.api.process(id)).output_bytes > 0);
  return id;
}
