// F30: processes that end by themselves just when they are told to stop. Whoever comes first, there is one end, it says what
// it was, and nobody else is hit by what was meant for a process that is gone.

import { setTimeout as delay } from "node:timers/promises";
import type { Event } from "@longwire/shared/api/views.ts";
import { waitUntil } from "@longwire/shared/node/fixtures/wait-until.ts";
import type { Api } from "../support/api.ts";
import { seeded } from "../support/random.ts";
import type { FaultOptions, FaultReport } from "./fault.ts";
import { Findings } from "./findings.ts";
import { withProduct } from "./with-product.ts";

/** Races at one time. */
const lanes = 4;
/** One in so many races has a bystander of the same kind. */
const bystanderEvery = 5;
const returncode = 7;
const lifeMs = 250;
/** How far the next stop is moved towards the exit, so that either comes first about as often. */
const stepMs = 15;

interface Race {
  readonly racer: string;
  /** Another process, which nobody stops. */
  readonly bystander: string | null;
}

/** Races `count` times. */
export async function raceStopWithExit({ count, seed }: FaultOptions): Promise<FaultReport> {
  return await withProduct(async (product, api) => {
    const random = seeded(seed);
    const findings = new Findings();
    const races: Race[] = [];
    let begun = 0;
    const lane = async (): Promise<void> => {
      let stopAfterMs = lifeMs;
      while (begun++ < count) {
        const jitterMs = (random() - 0.5) * 6 * stepMs;
        const { cause, ...race } = await raceOnce(api, findings, stopAfterMs + jitterMs, begun % bystanderEvery === 0);
        races.push(race);
        stopAfterMs = Math.max(0, stopAfterMs + (cause === "stopped" ? stepMs : -stepMs));
      }
    };
    await Promise.all(Array.from({ length: lanes }, lane));
    await waitUntil("all have ended", async () => (await api.machine()).counts.live === 0, 60_000);
    const ends = endsOf(await api.events(0, "&type=exited"));
    const causes = races.map((one) => judge(findings, one, ends));
    findings.check(races.length === count, `${races.length} races were run`);
    findings.measure("won_by_stop", causes.filter((cause) => cause === "stopped").length);
    const left = product.tree().filter(({ command }) => command.includes(`exit ${returncode}`));
    findings.check(left.length === 0, `left behind: ${left.map(({ command }) => command).join(" | ")}`);
    return findings;
  });
}

/** One process that lives a moment, and is stopped `stopAfterMs` after its start was answered. */
async function raceOnce(
  api: Api,
  findings: Findings,
  stopAfterMs: number,
  hasBystander: boolean,
): Promise<Race & { cause: string | null }> {
  const life = { command: `sleep ${lifeMs / 1000}; exit ${returncode}` };
  const bystander = hasBystander ? await api.start(life) : null;
  const racer = await api.start(life);
  await delay(Math.max(0, stopAfterMs));
  const { stopped, process: view } = await api.stop(racer.process_id, { grace_ms: 2000 });
  findings.check(stopped, `${racer.process_id} is told to be left over`);
  return { racer: racer.process_id, bystander: bystander?.process_id ?? null, cause: view.reason };
}

function endsOf(events: readonly Event[]): ReadonlyMap<string, readonly Event[]> {
  const ends = new Map<string, Event[]>();
  for (const event of events) {
    const id = event.process_id ?? "";
    ends.set(id, [...(ends.get(id) ?? []), event]);
  }
  return ends;
}

/** Notes what is wrong with the ends of a race; how the racer ended. */
function judge(findings: Findings, { racer, bystander }: Race, ends: ReadonlyMap<string, readonly Event[]>): unknown {
  const of = (id: string): Event | undefined => {
    const all = ends.get(id) ?? [];
    findings.check(all.length === 1, `${id} has ${all.length} ends`);
    return all[0];
  };
  const end = of(racer);
  const byItself = end?.returncode === returncode && end.signal === null;
  const bySignal = end?.returncode === null && end.signal !== null;
  // A stop that came before the exit is the cause, even where the process was quicker than the signal.
  const isTrue = end?.reason === "exit" ? byItself : end?.reason === "stopped" && (byItself || bySignal);
  findings.check(isTrue, `${racer} ended as ${JSON.stringify(end)}`);
  if (bystander === null) return end?.reason;
  const other = of(bystander);
  const isUnhurt = other?.reason === "exit" && other.returncode === returncode;
  findings.check(isUnhurt, `${bystander}, which nobody stopped, ended as ${JSON.stringify(other)}`);
  return end?.reason;
}
