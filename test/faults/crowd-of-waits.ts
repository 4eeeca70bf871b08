// F36: many waits at once on one machine. Those for what will not come are answered when their time is up, not before and
// within a second; those for what is there already at once, also in the crowd; and none of them lasts on.

import type { WaitAnswer } from "@longwire/shared/api/views.ts";
import { Api } from "../support/api.ts";
import { Product } from "../support/product.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { judgeTimes } from "./judge-times.ts";
import { useOne } from "./stage.ts";

const waitMs = 3000;
/** What the contract leaves for the answer, beyond the wait's time. */
const graceMs = 1000;
const satisfied = 10;

interface Timed {
  readonly endedBy: string;
  readonly tookMs: number;
}

export async function crowdWaits({ count }: FaultOptions): Promise<FaultReport> {
  return await useOne(await Product.start(), async (product) => {
    const api = new Api(product.ready);
    await api.startUntil("until=match&pattern=^ready$", { command: "echo ready; exec sleep 600", name: "web" });
    const wait = async (query: string): Promise<Timed> => {
      const askedAt = performance.now();
      const { status, body } = await api.call<WaitAnswer>("GET", `/processes/web/wait?${query}&wait_ms=${waitMs}`);
      const endedBy = status === 200 ? body.ended_by : `${status}`;
      return { endedBy, tookMs: performance.now() - askedAt };
    };
    const vain = ["until=exit", "until=match&pattern=never", "until=output", "until=idle&idle_ms=50000"];
    const crowd = Array.from({ length: count }, (_, at) => wait(vain[at % vain.length] ?? ""));
    const already: Timed[] = [];
    for (let asked = 0; asked < satisfied; asked++) already.push(await wait("until=match&pattern=ready"));
    const answers = await Promise.all(crowd);
    const wrongs = [
      ...answers.filter(({ endedBy }) => endedBy !== "time_up").map(({ endedBy }) => `ended by ${endedBy}`),
      ...answers
        .filter(({ tookMs }) => tookMs < waitMs - 1)
        .map(({ tookMs }) => `ended after ${Math.round(tookMs)} ms`),
      ...already.filter(({ endedBy }) => endedBy !== "match").map(({ endedBy }) => `was there, ended by ${endedBy}`),
    ];
    // What lasts on would keep the process's end from being told to the next one, or the product from ending in order.
    await api.stop("web");
    const { endedBy } = await wait("until=exit");
    if (endedBy !== "exit") wrongs.push(`the last one ended by ${endedBy}`);
    const times = (timed: readonly Timed[]): number[] => timed.map(({ tookMs }) => tookMs);
    const late = judgeTimes("time_up", times(answers), { most: waitMs + graceMs });
    const atOnce = judgeTimes("at_once", times(already), { most: graceMs });
    return {
      wrongs,
      late: [...late.late, ...atOnce.late],
      figures: { waits: count, ...late.figures, ...atOnce.figures },
    };
  });
}
