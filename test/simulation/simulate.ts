// One run: both real ends, a world that treats them badly, then calm, then the books are compared.

import { History } from "./history.ts";
import { machineOf, MachineHost } from "./machine-host.ts";
import { ObjectHost } from "./object-host.ts";
import { Operator } from "./operator.ts";
import { clock, world } from "./platform/clock.ts";
import { disk } from "./platform/disk.ts";
import { network } from "./platform/network.ts";
import { processes } from "./platform/processes.ts";
import { between, chance, pick, reseed } from "./platform/random.ts";
import type { SimulationReport } from "./report.ts";
import { drawTroubles, troubles, type Scene } from "./troubles.ts";
import { Viewer } from "./viewer.ts";

/** Troubles that lose no frame. */
const harmless = new Set(["repeatAndReorder", "cutViewer", "evict", "killShim", "fillDisk", "damageFile", "cutPower"]);
const troubledMs = 25_000;
const restMs = 300_000;

export async function simulate(seed: number): Promise<SimulationReport> {
  reseed(seed);
  clock.reset();
  network.reset();
  processes.reset();
  disk.reset();
  const history = new History();
  const retention = chance(0.5) ? 100_000 : 1_000_000;
  const object = new ObjectHost(retention, {
    onKept: (machine) => history.follow(machine),
    onWoken: (machine) => history.checkWoken(machine),
    onFault: (fault) => history.faults.push(fault),
  });
  network.server = object;
  network.watch = (text) => {
    if (!/^\{"type":"(ack|welcome)"/.test(text)) return;
    history.toldHead = Math.max(history.toldHead, (JSON.parse(text) as { head: number }).head);
  };
  object.create();
  const machine = new MachineHost();
  machine.switchOn();
  const viewers = [new Viewer(history, false), new Viewer(history, true)];
  const operator = new Operator(object);
  const scene: Scene = { object, machine, viewers, history, backup: null };
  const counts = await rage(scene);
  operator.close();
  calmDown(scene);
  const isAtRest = (): boolean => machine.isQuiet && viewers.every((viewer) => viewer.cursor === history.head);
  await clock.pass(restMs, isAtRest);
  // What the runner itself has to tell follows the runs.
  await clock.pass(20_000);
  await clock.pass(restMs, isAtRest);
  if (!isAtRest())
    history.faults.push(
      `does not come to rest: ${machine.unrest} ${machine.isQuiet}, ${viewers.map((one) => one.cursor).join()} of ${history.head}`,
    );
  // Where every frame arrives, in whatever order, going back where it is told to is all a runner needs.
  if (Object.keys(counts).every((name) => harmless.has(name))) {
    for (const reason of network.redials) history.faults.push(`the runner gave the link up: ${reason}`);
  }
  object.crash();
  object.call((woken) => history.checkReadable(woken));
  await clock.pass(1);
  history.checkRuns(machine.ledger);
  object.close();
  const faults = [...new Set([...clock.problems, ...history.faults])];
  return {
    seed,
    faults,
    troubles: counts,
    runs: machine.ledger.runs.size,
    events: history.count,
    bytes: history.bytes,
    overflowed: history.overflowed,
  };
}

async function rage(scene: Scene): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  const drawn = drawTroubles();
  const pause = between(100, 2500);
  while (clock.now < troubledMs) {
    await clock.pass(between(0, 2) * pause);
    const name = pick(drawn) ?? "";
    counts[name] = (counts[name] ?? 0) + 1;
    clock.current = world;
    try {
      troubles[name]?.(scene);
    } catch (error) {
      clock.complain(world, error);
    }
  }
  return counts;
}

function calmDown({ object, viewers }: Scene): void {
  Object.assign(network.weather, {
    latencyMs: 10,
    refuses: false,
    swallows: false,
    repeats: 0,
    overtakes: 0,
    truncates: 0,
  });
  disk.isFull = false;
  disk.killAt = null;
  object.killAt = null;
  object.failAt = null;
  for (const viewer of viewers) viewer.hurry();
}

/** A program whose promise fails with nobody to hear of it ends, as Node has it. */
export function onUnhandled(error: unknown): void {
  clock.complain(clock.current, error);
  if (clock.current.name === "runner" && clock.current.isAlive) machineOf().killRunner();
}
